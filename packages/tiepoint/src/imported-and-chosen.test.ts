import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@tiepoint/geometry';
import { type Georeference, openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Assessment } from './assess/assess.js';
import { blobScene } from './cli/testing/blob-scene.js';
import { spawnCli } from './cli/testing/spawn-cli.js';
import { register } from './register.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-given-'));
const at = (name: string): string => join(folder, name);
const side = 192;
/** Where a sensed pixel belongs: this far from its own place. */
const shift = [6, -4] as const;
const georeference: Georeference = {
  crs: { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' },
  geotransform: [500_000, 10, 0, 4_600_000, 0, -10],
  origin: 'file',
};

beforeAll(async () => {
  const wide = side + 40;
  const scene = blobScene(wide, wide, 5);
  const random = createRandom(3);
  const make = (of: (x: number, y: number) => number): Float32Array =>
    Float32Array.from({ length: side * side }, (_, i) => of(i % side, Math.floor(i / side)));
  const sample = (x: number, y: number): number => scene[(y + 20) * wide + x + 20]!;
  const write = (name: string, bands: Float32Array[]): Promise<void> =>
    writeGeoTiff(at(name), { width: side, height: side, bands, dataType: 'float32', georeference });
  await write('reference.tif', [make(sample)]);
  // The first band is noise, the second a scene.
  await write('sensed.tif', [make(() => random.normal()), make((x, y) => 400 - sample(x + shift[0], y + shift[1]))]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('imported tie points', () => {
  const points = [
    [20, 30],
    [160, 25],
    [90, 150],
  ].map(([x, y]) => ({
    sensed: [x!, y!] as const,
    reference: [x! + shift[0], y! + shift[1]] as const,
  }));

  it('join those that are found, wrong ones are told apart, and both are marked', async () => {
    await using reference = await openRaster(at('reference.tif'));
    await using sensed = await openRaster(at('sensed.tif'));
    const wrong = { sensed: [100, 100] as const, reference: [150, 60] as const };
    const { registration, tiePoints } = await register(reference, sensed, {
      band: 2,
      dlsm: null,
      tiePoints: { points: [...points, wrong], source: 'by hand', sd: 0.3 },
    });
    expect(registration.verdict).toBe('accept');
    expect(registration.method).toBe('grid (imported tie points)');
    expect(registration.imported).toEqual({ tiePoints: 4, inliers: 3 });
    expect(registration.provenance.tiePoints).toBe('by hand');
    const imported = tiePoints.filter((point) => point.imported);
    expect(imported.map(({ inlier }) => inlier)).toEqual([true, true, true, false]);
    expect(imported[0]!.reference).toEqual(points[0]!.reference);
    expect(imported[0]!.covariance[0]).toBeGreaterThanOrEqual(0.09 - 1e-9);
    expect(tiePoints.length).toBeGreaterThan(20);
  });

  it('pull the answer as far as they are trusted', async () => {
    await using reference = await openRaster(at('reference.tif'));
    await using sensed = await openRaster(at('sensed.tif'));
    const biased = points.map((point) => ({
      ...point,
      reference: [point.reference[0] + 0.8, point.reference[1]] as const,
    }));
    const shiftOf = async (sd: number): Promise<number> => {
      const { registration } = await register(reference, sensed, {
        band: 2,
        dlsm: null,
        model: 'translation',
        tiePoints: { points: biased, source: 'by hand', sd },
      });
      return registration.sensedToReference![0][2];
    };
    expect(Math.abs((await shiftOf(5)) - shift[0])).toBeLessThan(0.1);
    expect((await shiftOf(0.01)) - shift[0]).toBeGreaterThan(0.3);
  });
});

describe('--band auto, --tie-points and assess', () => {
  it('keep the band that is known best, read points of a file, and leave vectors and a report', async () => {
    // Without a system of its own: map coordinates, as GDAL's text has them.
    const gcps = [
      [20, 30],
      [160, 25],
      [90, 150],
    ].map(([x, y]) => `-gcp ${x} ${y} ${500_000 + 10 * (x! + shift[0])} ${4_600_000 - 10 * (y! + shift[1])}`);
    writeFileSync(at('points.gcp'), gcps.join('\n'));
    const bands = [
      '--band',
      'auto',
      '--tie-points',
      at('points.gcp'),
      '--weights',
      'none',
      '--method',
      'grid',
      '--json',
    ];
    const outputs = ['--vectors', at('vectors.geojson'), '--report', at('report.html')];
    const run = await spawnCli(['assess', at('reference.tif'), at('sensed.tif'), ...bands, ...outputs]);
    expect(run.status, run.stderr).toBe(0);
    const found = JSON.parse(run.stdout) as Assessment;
    expect(found.provenance.inputs.find(({ role }) => role === 'sensed')?.band).toBe(2);
    expect(found.warnings.join(' ')).toContain('taken for map coordinates');
    expect(found.warnings.join(' ')).toContain('taken to be good to 1 px');
    // Shown at its own place, belonging at the shift from there.
    expect(found.misregistration!.meanX).toBeCloseTo(-shift[0], 1);
    expect(found.misregistration!.meanY).toBeCloseTo(-shift[1], 1);
    expect(found.afterwards!.checkRmse).toBeLessThan(0.3);
    const { features } = JSON.parse(readFileSync(at('vectors.geojson'), 'utf8')) as {
      features: { geometry: { coordinates: [number, number][] }; properties: Record<string, number> }[];
    };
    expect(features).toHaveLength(found.vectors.length);
    const { geometry, properties } = features[0]!;
    expect(properties['dx']).toBeCloseTo(-shift[0], 0);
    expect(properties['lengthMetres']).toBeCloseTo(10 * properties['length']!, 0);
    const [[lon, lat], [toLon, toLat]] = geometry.coordinates as [[number, number], [number, number]];
    // 6 px of 10 m to the west, 4 px down on the image is south: shown north of where it belongs by 40 m less.
    expect((toLon - lon) * 111_320 * Math.cos((lat * Math.PI) / 180)).toBeCloseTo(10 * properties['dx']!, -1);
    expect((toLat - lat) * 111_132).toBeCloseTo(-10 * properties['dy']!, -1);
    expect(readFileSync(at('report.html'), 'utf8')).toContain('How far off the files were');
  });
});
