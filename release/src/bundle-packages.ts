import { rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { type Manifest, readManifest } from './packed-packages.js';

// Node takes as long to find, read and link a file of twenty lines as one of a thousand, and a registration needs 475 of ours: the
// entries that it loads are joined into a few files each, in `dist/bundle`, which the condition `node` of the packages' exports names.
// Everything else of npm is left where it is; bundlers and browsers take the files as compiled.

/** Files that are loaded by their place and not by an export, from `dist`, by package. */
const loadedByPlace: Readonly<Record<string, readonly string[]>> = {
  batch: ['pool/child.js'],
  'onnx-grad': ['batch-worker.js'],
  raster: ['warp/warp-worker.js'],
  tiepoint: ['cli/main.js'],
};

/** What has bundles: all that a registration, a batch or a server loads. */
const bundled = ['geometry', 'onnx-grad', 'raster', 'matching', 'tiepoint', 'catalog', 'batch', 'server'] as const;

/** The bundle's name of each entry and the file it is made of, both without folder or from `dist`. */
function bundleEntries({ exports }: Manifest, byPlace: readonly string[] = []): Record<string, string> {
  const named = Object.values(exports ?? {}).flatMap(({ node, default: file }) =>
    node === undefined ? [] : [[basename(node, '.js'), file.replace('./dist/', '')] as const],
  );
  return Object.fromEntries([...named, ...byPlace.map((file) => [basename(file, '.js'), file] as const)]);
}

/**
 * Refuses what would not be found from a bundle: it lies two folders below the package, with the files that are loaded by their place
 * beside it.
 */
function findable(beside: readonly string[]): Plugin {
  return {
    name: 'findable',
    transform(code, id) {
      const [, within] = id.split(/[\\/]dist[\\/]/);
      for (const [, path] of code.matchAll(/new URL\('([^']+)', import\.meta\.url\)/g)) {
        const isThere = path!.startsWith('./')
          ? beside.includes(basename(path!))
          : path!.startsWith('../../') && within?.split(/[\\/]/).length === 2;
        if (!isThere) throw new Error(`${id} loads ${path}, which does not lie there from a bundle`);
      }
    },
  };
}

/** Whether a bundle is there that is newer than what was compiled and this program. */
function upToDate(dist: string): boolean {
  const time = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = [join(dist, '.tsbuildinfo'), join(dist, '../package.json'), fileURLToPath(import.meta.url)];
  return time(join(dist, 'bundle/.made')) > Math.max(...sources.map(time));
}

/** Joins the entries of a package; the parts they load later, and those they share, have files of their own. */
async function bundle(folder: string, entries: Readonly<Record<string, string>>): Promise<void> {
  const dist = join(folder, 'dist');
  const into = join(dist, 'bundle');
  const build = await rolldown({
    input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(dist, file)])),
    platform: 'node',
    // Packages of others, and ours, keep their one home: classes and caches are there once.
    external: (id) => !id.startsWith('.') && !isAbsolute(id),
    plugins: [findable(Object.keys(entries).map((name) => `${name}.js`))],
    logLevel: 'warn',
  });
  rmSync(into, { recursive: true, force: true });
  await build.write({ dir: into, format: 'esm', comments: false });
  await build.close();
  writeFileSync(join(into, '.made'), '');
}

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));
for (const name of bundled) {
  const folder = join(packages, name);
  if (!upToDate(join(folder, 'dist'))) await bundle(folder, bundleEntries(readManifest(folder), loadedByPlace[name]));
}
