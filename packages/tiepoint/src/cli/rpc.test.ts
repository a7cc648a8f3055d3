import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crsFromEpsg, formatRpcText, projectByRpc, type Rpc, writeGeoTiff } from '@tiepoint/raster';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blobScene } from './testing/blob-scene.js';
import { spawnCli } from './testing/spawn-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-rpc-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const side = 320;
const degrees = 1e-4;
const rest = (...first: number[]): number[] => [...first, ...Array.from<number>({ length: 20 - first.length }).fill(0)];
/** Nearly the reference's own grid; the height moves samples by 0.02 px a metre. */
const rpc: Rpc = {
  lineOffset: 160,
  sampleOffset: 160,
  latitudeOffset: 45,
  longitudeOffset: 12,
  heightOffset: 100,
  lineScale: 160,
  sampleScale: 160,
  latitudeScale: 160 * degrees,
  longitudeScale: 160 * degrees,
  heightScale: 500,
  lineNumerator: rest(0, 0.02, -1),
  lineDenominator: rest(1),
  sampleNumerator: rest(0, 1, 0.01, 0.0625),
  sampleDenominator: rest(1),
};
const height = 300;
/** What the RPCs are wrong by, px of the sensed image. */
const bias = [6, -5] as const;

beforeAll(async () => {
  const scene = blobScene(side, side, 3);
  const sensed = new Float32Array(side * side);
  // Of each place of the reference, at the plateau's height, where it is seen: nearly a shift, so that its inverse is at hand.
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let [u, v] = [x + 0.5, y + 0.5];
      for (let i = 0; i < 6; i++) {
        const [px, py] = seen(u, v);
        [u, v] = [u + x + 0.5 - px, v + y + 0.5 - py];
      }
      const [column, row] = [Math.floor(u), Math.floor(v)];
      const inside = column >= 0 && row >= 0 && column < side && row < side;
      sensed[y * side + x] = inside ? scene[row * side + column]! : Number.NaN;
    }
  }
  const size = { width: side, height: side, dataType: 'float32' as const };
  const crs = crsFromEpsg(4326, 'geographic');
  const north = 45 + 160 * degrees;
  const west = 12 - 160 * degrees;
  await writeGeoTiff(at('reference.tif'), {
    ...size,
    bands: [scene],
    georeference: { crs, geotransform: [west, degrees, 0, north, 0, -degrees], origin: 'file' },
  });
  await writeGeoTiff(at('sensed.tif'), { ...size, bands: [sensed] });
  writeFileSync(at('sensed_RPC.TXT'), formatRpcText(rpc));
  await writeGeoTiff(at('dem.tif'), {
    width: 20,
    height: 20,
    dataType: 'float32',
    bands: [new Float32Array(400).fill(height)],
    georeference: { crs, geotransform: [west - 0.01, 0.003, 0, north + 0.01, 0, -0.003], origin: 'file' },
  });
});

/** Where a pixel of the reference is seen in the sensed image. */
function seen(u: number, v: number): [number, number] {
  const [longitude, latitude] = [12 + (u - 160) * degrees, 45 - (v - 160) * degrees];
  const [x, y] = projectByRpc(rpc, longitude, latitude, height);
  return [x + bias[0], y + bias[1]];
}

it('images with RPCs are registered on the ground, and their bias is written for others to use', async () => {
  const { status, stdout, stderr } = await spawnCli([
    'register',
    at('reference.tif'),
    at('sensed.tif'),
    '--dem',
    at('dem.tif'),
    '--rpc',
    at('refined_RPC.TXT'),
    '--weights',
    'none',
  ]);
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toContain('refined_RPC.TXT');
  const text = readFileSync(at('refined_RPC.TXT'), 'utf8');
  const offset = (name: string): number => Number(new RegExp(`${name}: (\\S+)`).exec(text)![1]);
  expect(offset('SAMP_OFF') - rpc.sampleOffset).toBeCloseTo(bias[0], 0);
  expect(offset('LINE_OFF') - rpc.lineOffset).toBeCloseTo(bias[1], 0);
  const info = await spawnCli(['info', at('sensed.tif')]);
  expect(info.stdout).toMatch(/WGS 84 \(rpc\)/);
  expect(info.stdout).toContain('placed at a height of 100 m; good from -400 to 600 m');
});

it('without RPCs there is nothing to refine', async () => {
  const { status, stderr } = await spawnCli([
    'register',
    at('reference.tif'),
    at('reference.tif'),
    '--rpc',
    at('none.RPB'),
    '--weights',
    'none',
  ]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/has no RPCs/);
});
