import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { commandScript, describePythonTests, python } from '../python-tests.js';

const own = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tiepoint-wheel-'));
afterAll(() => rmSync(folder, { recursive: true }));

describePythonTests('the Python package', join(own, 'tests'), 'import rasterio, numpy');

const canBuild = spawnSync(python, ['-c', 'import setuptools, wheel, pip']).status === 0;
if (!canBuild) process.stderr.write('note: pip, setuptools and wheel are not installed; the wheel is not built\n');

describe.skipIf(!canBuild)('its wheel', () => {
  const pip = (...args: string[]): string =>
    execFileSync(python, ['-m', 'pip', '--disable-pip-version-check', ...args], { encoding: 'utf8', stdio: 'pipe' });

  it('is pure Python, holds the licence, and works once it is installed', () => {
    // Building leaves files beside the sources.
    const sources = join(folder, 'sources');
    cpSync(own, sources, { recursive: true });
    pip('wheel', '--no-build-isolation', '--no-deps', '--wheel-dir', folder, sources);
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'))!;
    expect(wheel).toMatch(/^tiepoint-[\d.]+-py3-none-any\.whl$/);
    const target = join(folder, 'site');
    pip('install', '--no-index', '--no-deps', '--target', target, join(folder, wheel));
    const files = readdirSync(target, { recursive: true }).map(String);
    expect(files).toContain('tiepoint/py.typed');
    expect(files.some((name) => /dist-info\/(licenses\/)?LICENSE$/.test(name))).toBe(true);
    const program = 'import tiepoint; print(tiepoint.__version__, tiepoint.find_command()[1])';
    const env = { ...process.env, PYTHONPATH: target, TIEPOINT_COMMAND: commandScript };
    const said = execFileSync(python, ['-c', program], { encoding: 'utf8', cwd: folder, env });
    const { version } = JSON.parse(
      readFileSync(new URL('../../packages/tiepoint/package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(said.trim()).toBe(`${version} ${commandScript}`);
  });
});
