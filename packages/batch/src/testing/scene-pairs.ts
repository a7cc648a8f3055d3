import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, resamplePlane, translation } from '@tiepoint/geometry';
import { writeGeoTiff } from '@tiepoint/raster';

const side = 128;
/** Options that register a small pair in a fraction of a second. */
export const quickOptions = { method: 'grid', weights: 'none', detector: 'none', model: 'affine' } as const;

/** Rectangles of random size, place and brightness: structure at every scale. */
function scene(seed: number, size: number): Float32Array {
  const random = createRandom(seed);
  const data = new Float32Array(size * size).fill(100);
  for (let n = 0; n < 260; n++) {
    const [cx, cy] = [random.uniform() * size, random.uniform() * size];
    const [w, h] = [2 + random.uniform() * 12, 2 + random.uniform() * 12];
    const value = random.normal() * 30;
    for (let y = Math.max(0, Math.floor(cy - h)); y < Math.min(size, cy + h); y++) {
      for (let x = Math.max(0, Math.floor(cx - w)); x < Math.min(size, cx + w); x++) data[y * size + x]! += value;
    }
  }
  return data.map((value) => value + random.normal());
}

/** A pair on the disk, and by how much the sensed image is shifted, px. */
export interface ScenePair {
  readonly reference: string;
  readonly sensed: string;
  readonly shift: readonly [number, number];
}

/** Writes georeferenced pairs, each of its own scene; those in `unrelated` show two places. */
export async function writeScenePairs(
  folder: string,
  count: number,
  unrelated: readonly number[] = [],
): Promise<readonly ScenePair[]> {
  mkdirSync(folder, { recursive: true });
  const pairs: ScenePair[] = [];
  for (let i = 0; i < count; i++) {
    const shift = [1.5 + (i % 4), -2 + (i % 3)] as const;
    const [reference, sensed] = [join(folder, `reference-${i}.tif`), join(folder, `scene-${i}.tif`)];
    const [fixed, moving] = [scene(i, side + 40), scene(unrelated.includes(i) ? 1000 + i : i, side + 40)];
    const write = (path: string, data: Float32Array, x: number, y: number): Promise<void> =>
      writeGeoTiff(path, {
        width: side,
        height: side,
        bands: [
          resamplePlane({ width: side + 40, height: side + 40, data }, side, side, translation(x, y), {
            kernel: 'cubic',
          }).data,
        ],
        dataType: 'float32',
        georeference: {
          crs: { name: 'WGS 84 / UTM zone 33N', code: 'EPSG:32633', definition: null, kind: 'projected' },
          geotransform: [500_000 + 2000 * (i % 10), 10, 0, 4_600_000 - 2000 * Math.floor(i / 10), 0, -10],
          origin: 'file',
        },
      });
    await write(reference, fixed, 20, 20);
    await write(sensed, moving, 20 + shift[0], 20 + shift[1]);
    pairs.push({ reference, sensed, shift });
  }
  return pairs;
}

/** Writes a manifest of the pairs as JSON lines. */
export function writeManifest(path: string, pairs: readonly ScenePair[], extra: object = quickOptions): void {
  writeFileSync(
    path,
    pairs.map(({ reference, sensed }) => `${JSON.stringify({ reference, sensed, ...extra })}\n`).join(''),
  );
}
