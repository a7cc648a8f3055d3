import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/** Files that are kept as soon as the page is loaded; engine, networks and examples are kept when they are wanted. */
const kept = /\.(?:js|css|html|svg)$/;

/** Lists the files of the page for its service worker. */
export function pageFiles(): Plugin {
  return {
    name: 'page-files',
    // After index.html was made.
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((name) => kept.test(name) && name !== 'service-worker.js');
      const listed = ['./', ...files.toSorted().map((name) => `./${name}`), './icon.svg', './served.json'];
      const version = createHash('sha256').update(listed.join('\n')).digest('hex').slice(0, 16);
      const source = `${JSON.stringify({ version, files: listed })}\n`;
      this.emitFile({ type: 'asset', fileName: 'page-files.json', source });
    },
  };
}
