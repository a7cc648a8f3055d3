import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crsFromEpsg, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Assessment } from '../assess/assess.js';
import { blobScene } from './testing/blob-scene.js';
import { spawnCli } from './testing/spawn-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-assess-terrain-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const side = 384;
/** What the orthophoto's terrain was wrong by: px of displacement along x for a metre of height. */
const parallax = 0.02;

/** A ridge from north to south, m. */
function heightAt(x: number): number {
  return 250 * Math.exp(-(((x - side / 2) / 90) ** 2));
}

beforeAll(async () => {
  const wide = side + 40;
  const scene = blobScene(wide, side, 8);
  const row = (shift: (x: number) => number, y: number): number[] =>
    Array.from({ length: side }, (_, x) => {
      const u = x + 20 + shift(x + 0.5);
      const left = Math.floor(u);
      const share = u - left;
      return scene[y * wide + left]! * (1 - share) + scene[y * wide + left + 1]! * share;
    });
  const image = (shift: (x: number) => number): Float32Array =>
    Float32Array.from(Array.from({ length: side }, (_, y) => row(shift, y)).flat());
  const crs = crsFromEpsg(32633, 'projected');
  const georeference = { crs, geotransform: [500_000, 10, 0, 5_000_000, 0, -10], origin: 'file' } as const;
  const size = { width: side, height: side, dataType: 'float32' as const, georeference };
  await writeGeoTiff(at('reference.tif'), { ...size, bands: [image(() => 0)] });
  // Things of height h stand farther to the right by the parallax.
  await writeGeoTiff(at('ortho.tif'), { ...size, bands: [image((x) => -parallax * heightAt(x))] });
  const dem = Float32Array.from({ length: side * side }, (_, i) => heightAt((i % side) + 0.5));
  await writeGeoTiff(at('dem.tif'), { ...size, bands: [dem] });
});

it('assess shows that displacements grow with elevation, in figures and in the report', async () => {
  const args = ['--dem', at('dem.tif'), '--weights', 'none', '--report', at('report.html'), '--json'];
  const { status, stdout, stderr } = await spawnCli(['assess', at('reference.tif'), at('ortho.tif'), ...args]);
  expect([0, 5], stderr).toContain(status);
  const { trends } = JSON.parse(stdout) as Assessment;
  const [column, row, elevation, slope] = trends;
  expect(trends.map(({ against }) => against)).toEqual(['column', 'row', 'elevation', 'slope']);
  expect(elevation!.x.slope / parallax).toBeGreaterThan(0.8);
  expect(elevation!.x.slope / parallax).toBeLessThan(1.2);
  expect(elevation!.x.correlation).toBeGreaterThan(0.9);
  expect(slope!.count).toBeGreaterThan(20);
  // Nothing happens along y.
  for (const { y } of [column!, row!]) expect(Math.abs(y.slope)).toBeLessThan(0.001);
  expect(Math.abs(elevation!.y.slope)).toBeLessThan(0.1 * parallax);
  const page = readFileSync(at('report.html'), 'utf8');
  expect(page).toContain('Displacement against the elevation of the ground');
  expect(page.match(/<svg class="trend"/g)).toHaveLength(4);
});
