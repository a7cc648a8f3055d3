import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { formatControlPoints, parseControlPoints } from './control-points.js';
import { type ControlPoint } from './control-point.js';
import { crsFromEpsg } from '../georeference/crs.js';

const folder = mkdtempSync(join(tmpdir(), 'qgis-'));
afterAll(() => rm(folder, { recursive: true }));

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Under a map that tells rows from columns and their directions, and one point switched off. */
const points: ControlPoint[] = [
  [0, 0],
  [200, 0],
  [200, 100],
  [0, 100],
  [37.25, 81.625],
  [120.5, 33.5],
].map(([x, y], i) => ({
  id: String(i + 1),
  x: x!,
  y: y!,
  mapX: 500_000 + 10 * x! + 0.5 * y!,
  mapY: 4_600_000 - 10 * y! + 0.25 * x!,
  enabled: i !== 5,
}));

test('reads what QGIS has written', async () => {
  const text = readFileSync(file('../../fixtures/qgis/saved.points'), 'utf8');
  const read = await parseControlPoints(text, 'qgis');
  expect(read.points).toEqual(points);
  expect(read.crs?.code).toBe('EPSG:32631');
});

const hasQgis = ['qgis', 'xvfb-run'].every((program) => spawnSync('which', [program]).status === 0);
if (!hasQgis) process.stderr.write('note: QGIS and xvfb are not installed; the test against QGIS itself is skipped\n');

interface Answer {
  readonly table: readonly (readonly [enabled: boolean, x: number, y: number, mapX: number, mapY: number])[];
  readonly extent: readonly number[];
}

test.skipIf(!hasQgis)(
  "QGIS's georeferencer shows the points where they are, and writes them back",
  async () => {
    const image = join(folder, 'image.tif');
    const paths = { IMAGE: image, SAVED: join(folder, 'saved.points'), ANSWER: join(folder, 'answer.json') };
    // 200 × 100 px and no georeference, as images that need control points are.
    copyFileSync(file('../../fixtures/qgis/plain.tif'), image);
    const crs = crsFromEpsg(32631, 'projected', 'WGS 84 / UTM zone 31N');
    writeFileSync(`${image}.points`, await formatControlPoints({ points, crs }, 'qgis'));
    const options = ['--nologo', '--noversioncheck', '--noplugins', '--profiles-path', join(folder, 'profile')];
    const command = ['-a', 'qgis', ...options, '--code', file('../../oracle/qgis-points.py')];
    spawnSync('xvfb-run', command, { env: { ...process.env, ...paths }, timeout: 240_000 });
    const { table, extent } = JSON.parse(readFileSync(paths.ANSWER, 'utf8')) as Answer;
    // An image without georeference hangs below the x axis by its pixels' corners.
    expect(extent).toEqual([0, -100, 200, 0]);
    expect(table.length).toBe(points.length);
    for (const [i, { x, y, mapX, mapY, enabled }] of points.entries()) {
      const [on, ...places] = table[i]!;
      expect(on).toBe(enabled);
      // The table shows centimetres.
      for (const [n, due] of [x, -y, mapX, mapY].entries()) expect(places[n]).toBeCloseTo(due, 1.9);
    }
    const saved = await parseControlPoints(readFileSync(paths.SAVED, 'utf8'), 'qgis');
    expect(saved.points).toEqual(points);
    expect(saved.crs?.code).toBe('EPSG:32631');
  },
  250_000,
);
