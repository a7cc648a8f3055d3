import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TiepointError } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from './exit-codes.js';
import { expandGdalAliases } from './gdal-aliases.js';

describe('the exit status', () => {
  it.each([
    ['file-not-found', 3],
    ['file-truncated', 3],
    ['unsupported-format', 3],
    ['solution-invalid', 3],
    ['output-exists', 2],
    ['output-unwritable', 2],
    ['no-such-band', 2],
    ['refused', 4],
    ['model-missing', 6],
    ['internal', 1],
  ])('of %s is %i', (code, status) => {
    expect(exitCodeOf(new TiepointError(code, 'x'))).toBe(status);
  });

  it('is 130 for an interruption and 1 for a bug', () => {
    expect(exitCodeOf(new DOMException('stop', 'AbortError'))).toBe(130);
    expect(exitCodeOf(new TypeError('bug'))).toBe(1);
    expect(exitCodeOf('text')).toBe(1);
  });

  it("treats every code of an output that fails as the command line's", () => {
    const packages = fileURLToPath(new URL('../../../', import.meta.url));
    const codes = new Set<string>();
    for (const name of ['geometry', 'raster', 'matching', 'tiepoint']) {
      const folder = join(packages, name, 'src');
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
        for (const [, code] of readFileSync(join(folder, file), 'utf8').matchAll(
          /new TiepointError\(\s*'([a-z-]+)'/g,
        )) {
          codes.add(code!);
        }
      }
    }
    expect(codes.size).toBeGreaterThan(15);
    for (const code of codes) {
      if (!code.startsWith('output-') && code !== 'disk-full') continue;
      expect(exitCodeOf(new TiepointError(code, 'x')), code).toBe(2);
    }
  });
});

describe("GDAL's words", () => {
  it('become options, but not behind --', () => {
    expect(expandGdalAliases(['warp', '-t_srs', 'EPSG:4326', '-co', 'A=B', '--', '-co'])).toEqual([
      'warp',
      '--dst-crs',
      'EPSG:4326',
      '--co',
      'A=B',
      '--',
      '-co',
    ]);
  });
});
