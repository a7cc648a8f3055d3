import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, type MatrixTransform, type Plane, resamplePlane, similarity } from '@tiepoint/geometry';
import { crsFromEpsg, writeGeoTiff } from '@tiepoint/raster';

/** Side of the scene's images, px. */
export const sceneSide = 256;

/** Two images of one scene, as different sensors would see it, and how the second was moved. */
export interface ScenePair {
  readonly folder: string;
  readonly reference: string;
  readonly sensed: string;
  /** Sensed pixel → reference pixel. */
  readonly truth: MatrixTransform;
}

/** Blobs of random size and place: structure at every scale. */
function blobs(side: number, seed: number): Plane {
  const random = createRandom(seed);
  const data = new Float32Array(side * side);
  for (let blob = 0; blob < 160; blob++) {
    const [cx, cy] = [random.uniform() * side, random.uniform() * side];
    const radius = 2 + random.uniform() * 14;
    const value = random.normal() * 40;
    for (let i = 0; i < data.length; i++) {
      const [x, y] = [i % side, Math.floor(i / side)];
      if ((x - cx) ** 2 + ((y - cy) * 1.6) ** 2 < radius * radius) data[i]! += value;
    }
  }
  return { width: side, height: side, data: data.map((value) => value + 128 + random.normal() * 2) };
}

/** Writes a pair: the reference in UTM, the sensed image with reversed contrast and without a georeference. */
export async function writeScene(): Promise<ScenePair> {
  const folder = mkdtempSync(join(tmpdir(), 'tiepoint-viewer-'));
  const truth = similarity(1.01, 0.03, 6.4, -4.2);
  const scene = blobs(sceneSide, 17);
  const moved = resamplePlane(scene, sceneSide, sceneSide, truth, { kernel: 'cubic' });
  const [reference, sensed] = [join(folder, 'reference.tif'), join(folder, 'sensed image.tif')];
  const size = { width: sceneSide, height: sceneSide, dataType: 'float32' } as const;
  await writeGeoTiff(reference, {
    ...size,
    bands: [scene],
    georeference: {
      crs: crsFromEpsg(32633, 'projected', 'WGS 84 / UTM zone 33N'),
      geotransform: [500_000, 10, 0, 4_600_000, 0, -10],
      origin: 'file',
    },
  });
  await writeGeoTiff(sensed, { ...size, bands: [moved.data.map((v) => 400 - v)] });
  return { folder, reference, sensed, truth };
}
