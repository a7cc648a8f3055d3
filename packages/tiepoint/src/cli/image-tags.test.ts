import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crsFromEpsg, type Georeference, openRaster, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRegistration, type Registration } from '../result/registration.js';
import { tool } from '../result/tool.js';
import { blobScene } from './testing/blob-scene.js';
import { spawnCli } from './testing/spawn-cli.js';

const hasGdal = spawnSync('gdalinfo', ['--version']).status === 0;
if (!hasGdal) process.stderr.write('note: gdalinfo is not installed; what it shows of written images is not tested\n');

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-tags-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const side = 256;
const georeference: Georeference = {
  crs: crsFromEpsg(32633, 'projected', 'WGS 84 / UTM zone 33N'),
  geotransform: [500_000, 10, 0, 4_600_000, 0, -10],
  origin: 'file',
};

/** The items of the default domain that gdalinfo shows. */
function itemsOf(path: string): Readonly<Record<string, string>> {
  const info = JSON.parse(execFileSync('gdalinfo', ['-json', path], { encoding: 'utf8' })) as {
    readonly metadata: { readonly ''?: Readonly<Record<string, string>> };
  };
  return info.metadata[''] ?? {};
}

let found: Registration;

beforeAll(async () => {
  const wide = side + 8;
  const scene = blobScene(wide, wide, 4);
  const cut = (dx: number, dy: number, of: (value: number) => number): Float32Array =>
    Float32Array.from({ length: side * side }, (_, i) =>
      of(scene[(Math.floor(i / side) + dy) * wide + (i % side) + dx]!),
    );
  const image = { width: side, height: side, dataType: 'float32' as const, georeference };
  await writeGeoTiff(at('reference.tif'), { ...image, bands: [cut(0, 0, (v) => v)] });
  await writeGeoTiff(at('sensed.tif'), {
    ...image,
    bands: [cut(4, 3, (v) => 300 - v)],
    metadata: {
      '': { ACQUIRED: '2020-05-06', TIFFTAG_COPYRIGHT: 'who & whom', TIEPOINT_IMPORTED: 'of an earlier registration' },
    },
  });
  const run = await spawnCli([
    'register',
    at('reference.tif'),
    at('sensed.tif'),
    at('out.tif'),
    '--accuracy',
    at('accuracy.tif'),
    '--marks',
    at('marks.tif'),
    '--solution',
    at('solution.json'),
    '--quiet',
  ]);
  expect(run.status, run.stderr).toBe(0);
  found = parseRegistration(readFileSync(at('solution.json'), 'utf8'))!;
});

describe.skipIf(!hasGdal)('gdalinfo shows of a written image', () => {
  it.each(['out.tif', 'accuracy.tif', 'marks.tif'])('%s: what the registration came to', (name) => {
    const items = itemsOf(at(name));
    expect(items).toMatchObject({
      TIFFTAG_SOFTWARE: tool,
      TIEPOINT_VERDICT: 'accept',
      TIEPOINT_MODEL: found.model,
      TIEPOINT_INLIERS: String(found.inliers),
      TIEPOINT_TOOL: tool,
      TIEPOINT_WEIGHTS: found.provenance.weights,
      TIEPOINT_SEED: '0',
      TIEPOINT_REFERENCE: at('reference.tif'),
      TIEPOINT_SENSED: at('sensed.tif'),
    });
    const { ce90, predictedSd } = found.accuracy!;
    expect(Number(items['TIEPOINT_CE90_PX'])).toBeCloseTo(ce90, 5);
    // Pixels of 10 m, as near as the scale of the projection there.
    expect(Number(items['TIEPOINT_CE90_M'])).toBeCloseTo(found.accuracy!.ce90Metres!, 4);
    expect(Number(items['TIEPOINT_CE90_M']) / ce90).toBeCloseTo(10, 1);
    expect(Number(items['TIEPOINT_PREDICTED_SD_PX'])).toBeCloseTo(predictedSd, 5);
    expect(items).not.toHaveProperty('TIEPOINT_IMPORTED');
  });

  it('what the sensed image says of itself, in the tags of TIFF too', async () => {
    expect(itemsOf(at('out.tif'))).toMatchObject({ ACQUIRED: '2020-05-06', TIFFTAG_COPYRIGHT: 'who & whom' });
    await using file = await openRaster(at('out.tif'));
    expect(file.metadata['']).toMatchObject({ TIFFTAG_COPYRIGHT: 'who & whom', TIFFTAG_SOFTWARE: tool });
  });

  it('the same where a stored solution is applied, in a VRT too', async () => {
    for (const name of ['again.tif', 'again.vrt']) {
      const run = await spawnCli(['warp', at('sensed.tif'), at(name), '--solution', at('solution.json'), '--quiet']);
      expect(run.status, run.stderr).toBe(0);
      const of = Object.entries(itemsOf(at('out.tif'))).filter(([key]) => /^TIEPOINT_|SOFTWARE$/.test(key));
      expect(of.length).toBeGreaterThan(14);
      expect(itemsOf(at(name))).toMatchObject(Object.fromEntries(of));
    }
  });

  it('of control points only what wrote it', async () => {
    const points = ['0 0 0 0', '200 0 200 0', '0 200 0 200'].map((row) => `-gcp ${row}`).join('\n');
    writeFileSync(at('points.gcp'), points);
    const inputs = ['--points', at('points.gcp'), '--reference', at('reference.tif')];
    const run = await spawnCli(['warp', at('sensed.tif'), at('fitted.tif'), ...inputs, '--model', 'affine', '--quiet']);
    expect(run.status, run.stderr).toBe(0);
    const items = itemsOf(at('fitted.tif'));
    expect(items['TIFFTAG_SOFTWARE']).toBe(tool);
    expect(Object.keys(items).filter((name) => name.startsWith('TIEPOINT_'))).toEqual([]);
  });
});
