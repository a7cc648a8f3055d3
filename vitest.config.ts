import { defineConfig } from 'vitest/config';

// Packages see each other as users do, through `dist`; `npm test` builds first.
export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.{ts,tsx}', '{bench,release,site}/src/**/*.test.ts', 'integrations/*/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two cores: more workers only make ONNX Runtime sessions compete.
    maxWorkers: 2,
    pool: 'forks',
    // A worker loads what is tested, ONNX Runtime among it, once and not for each of two hundred files.
    isolate: false,
  },
});
