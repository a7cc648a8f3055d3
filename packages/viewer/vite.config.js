import { createLogger, defineConfig } from 'vite';
import { examples } from './dist/scripts/examples.js';
import { pageFiles } from './dist/scripts/page-files.js';

// Code for both asks where it runs before it imports Node's modules: that browsers have none is no news.
const logger = createLogger('warn');
const quiet = {
  ...logger,
  warn: (message, options) => {
    if (!message.includes('has been externalized for browser compatibility')) logger.warn(message, options);
  },
};

export default defineConfig({
  // Relative, so that the page works in any folder of any web server.
  base: './',
  resolve: {
    alias: [
      // Without WebGPU: half the engine.
      { find: /^onnxruntime-web$/, replacement: 'onnxruntime-web/wasm' },
    ],
  },
  build: {
    outDir: 'dist/page',
    emptyOutDir: true,
    target: 'es2023',
    // Networks and the engine are files of their own, loaded when they are wanted.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    rolldownOptions: {
      // How long our plugins take is no warning to whoever builds.
      checks: { pluginTimings: false },
      input: { index: 'index.html', 'service-worker': 'src/offline/service-worker.ts' },
      output: {
        // Its folder is what it may serve, so it stands beside the page, under a name that stays.
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  worker: { format: 'es' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [examples(), pageFiles()],
  customLogger: quiet,
});
