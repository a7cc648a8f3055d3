import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { directImports, drawCodeMap, importsOf, readWorkspaces, rowsOf } from './code-map.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const workspaces = readWorkspaces();

it('the picture is drawn from the packages as they are (npm run code-map)', () => {
  expect(readFileSync(join(root, 'docs/images/code-map.svg'), 'utf8')).toBe(drawCodeMap(workspaces));
});

it('every package stands below those it imports', () => {
  const rowOf = (folder: string): number =>
    rowsOf(workspaces).findIndex((row) => row.some((one) => one.folder === folder));
  expect(workspaces.length).toBeGreaterThan(8);
  for (const one of workspaces) {
    for (const other of importsOf(one))
      expect(rowOf(one.folder), `${one.name}, ${other}`).toBeGreaterThan(rowOf(other));
  }
});

it('leaves out what other arrows say already', () => {
  const chain = ['a', 'b', 'c'].map((name, i, names) => ({
    name,
    folder: name,
    description: '',
    uses: names.slice(0, i),
  }));
  expect(chain.map((one) => directImports(one, chain))).toEqual([[], ['a'], ['b']]);
});

it('the sources import what package.json says, and nothing else of this repository', () => {
  for (const one of workspaces) {
    const folder = join(root, one.folder, 'src');
    const imported = new Set<string>();
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(file) || /\.test\.|testing|in-browser/.test(file)) continue;
      for (const [, name] of readFileSync(join(folder, file), 'utf8').matchAll(/ from '((?:@tiepoint\/)?[a-z-]+)/g)) {
        const found = workspaces.find((other) => other.name === name);
        if (found !== undefined && found !== one) imported.add(found.folder);
      }
    }
    // The page is bundled: what it is made of are no dependencies of the package.
    if (one.folder === 'packages/viewer') continue;
    expect([...imported].toSorted(), one.name).toEqual([...importsOf(one)].toSorted());
  }
});
