import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readManifest } from './packed-packages.js';

// What is released with the packages and is no package of npm takes their version: run by `npm run version-packages`.

/** Files that state the version, and the line that does; the version is its only group. */
const stated: readonly { readonly file: string; readonly line: RegExp }[] = [
  { file: 'packages/tiepoint/src/result/tool.ts', line: /'tiepoint (.+)'/ },
  { file: 'integrations/python/pyproject.toml', line: /^version = "(.+)"$/m },
  { file: 'integrations/python/src/tiepoint/__init__.py', line: /^__version__ = "(.+)"$/m },
  { file: 'integrations/qgis/tiepoint_provider/metadata.txt', line: /^version=(.+)$/m },
];

/** What each of those files states. */
export function statedVersions(root: string): Record<string, string | undefined> {
  const entries = stated.map(
    ({ file, line }) => [file, line.exec(readFileSync(join(root, file), 'utf8'))?.[1]] as const,
  );
  return Object.fromEntries(entries);
}

/** Writes a version into them. @throws where one has no such line */
export function stateVersion(root: string, version: string): void {
  for (const { file, line } of stated) {
    const text = readFileSync(join(root, file), 'utf8');
    const found = line.exec(text);
    if (found === null) throw new Error(`${file} states no version`);
    writeFileSync(join(root, file), text.replace(found[0], found[0].replace(found[1]!, version)));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  stateVersion(root, readManifest(join(root, 'packages/tiepoint')).version!);
}
