import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { readManifest } from './packed-packages.js';
import { stateVersion, statedVersions } from './other-versions.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { workspaces = [] } = readManifest(root);
const copy = mkdtempSync(join(tmpdir(), 'tiepoint-release-'));
afterAll(() => rmSync(copy, { recursive: true }));

it('everything that is released has one version', () => {
  const { version } = readManifest(join(root, 'packages/tiepoint'));
  const versions = workspaces.map((folder) => readManifest(join(root, folder)).version);
  expect(new Set([...versions.filter((v) => v !== undefined), ...Object.values(statedVersions(root))])).toEqual(
    new Set([version]),
  );
});

it('one changeset gives all packages the next version, and what depends on them too', () => {
  for (const file of ['package.json', ...workspaces.map((folder) => `${folder}/package.json`)]) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  for (const file of Object.keys(statedVersions(root))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  cpSync(join(root, '.changeset'), join(copy, '.changeset'), { recursive: true });
  writeFileSync(join(copy, '.changeset/one.md'), '---\n"@tiepoint/raster": minor\n---\n\nReads one more format.\n');
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  execFileSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: copy });
  const cli = join(root, 'node_modules/@changesets/cli/bin.js');
  execFileSync(process.execPath, [cli, 'version'], { cwd: copy, stdio: 'pipe' });

  const [major, minor] = readManifest(join(root, 'packages/tiepoint')).version!.split('.').map(Number);
  const next = `${major}.${minor! + 1}.0`;
  const published = workspaces.map((folder) => readManifest(join(copy, folder))).filter((one) => one.private !== true);
  expect(published.length).toBeGreaterThan(8);
  const names = new Set(published.map(({ name }) => name));
  for (const one of published) {
    expect(one.version, one.name).toBe(next);
    for (const [name, range] of Object.entries(one.dependencies ?? {})) {
      if (names.has(name)) expect(range, `${one.name}: ${name}`).toBe(next);
    }
  }
  expect(readFileSync(join(copy, 'packages/raster/CHANGELOG.md'), 'utf8')).toContain('Reads one more format.');
  stateVersion(copy, next);
  expect(new Set(Object.values(statedVersions(copy)))).toEqual(new Set([next]));
});
