import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom, resamplePlane, translation } from '@tiepoint/geometry';
import { lookUpEpsg, writeGeoTiff } from '@tiepoint/raster';

const side = 256;
const margin = 12;

/** Blobs of every size, brighter or darker than what lies under them. */
function blobs(seed: number): Float32Array {
  const size = side + 2 * margin;
  const random = createRandom(seed);
  const data = new Float32Array(size * size).fill(120);
  for (let n = 0; n < 400; n++) {
    const [cx, cy] = [random.uniform() * size, random.uniform() * size];
    const radius = 2 + random.uniform() ** 2 * 18;
    const value = random.normal() * 25;
    for (let y = Math.max(0, Math.floor(cy - radius)); y < Math.min(size, cy + radius); y++) {
      for (let x = Math.max(0, Math.floor(cx - radius)); x < Math.min(size, cx + radius); x++) {
        if ((x - cx) ** 2 + 1.7 * (y - cy) ** 2 < radius * radius) data[y * size + x]! += value;
      }
    }
  }
  return data.map((value) => value + random.normal() * 2);
}

/** A pair of files. */
export interface SmallPair {
  readonly reference: string;
  readonly sensed: string;
}

/** Writes pairs of 256² px, the sensed image shifted and its contrast turned. */
export async function writeSmallPairs(folder: string, count: number): Promise<readonly SmallPair[]> {
  const georeference = {
    crs: await lookUpEpsg(32633),
    geotransform: [600_000, 10, 0, 5_000_040, 0, -10],
    origin: 'file',
  } as const;
  const pairs: SmallPair[] = [];
  for (let i = 0; i < count; i++) {
    const size = side + 2 * margin;
    const data = blobs(i + 1);
    const [reference, sensed] = [join(folder, `reference-${i}.tif`), join(folder, `sensed-${i}.tif`)];
    const write = (path: string, plane: Float32Array, x: number, y: number): Promise<void> => {
      const cut = resamplePlane({ width: size, height: size, data: plane }, side, side, translation(x, y), {
        kernel: 'cubic',
      });
      return writeGeoTiff(path, { width: side, height: side, bands: [cut.data], dataType: 'float32', georeference });
    };
    await write(reference, data, margin, margin);
    const turned = data.map((value) => 255 - value);
    await write(sensed, turned, margin + (i % 5), margin - (i % 7));
    pairs.push({ reference, sensed });
  }
  return pairs;
}

/** Writes a manifest of pairs; returns its path. */
export async function writeManifest(folder: string, pairs: readonly SmallPair[]): Promise<string> {
  const manifest = join(folder, 'pairs.jsonl');
  await writeFile(manifest, pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
  return manifest;
}
