import { join } from 'node:path';
import { affine, type MatrixTransform, type Plane, composeTransforms, translation } from '@tiepoint/geometry';
import { openRaster } from '@tiepoint/raster';
import { type PairRecord, readPairManifest } from '@tiepoint/training';

/** An aligned pair in memory. */
export interface AlignedPair {
  readonly id: string;
  /** Folder of the pair: `infrared`, `s1s2`, … */
  readonly set: string;
  readonly reference: Plane;
  /** The original, which may be larger than the reference crop. */
  readonly sensed: Plane;
  readonly referenceToSensed: MatrixTransform;
}

/** Reads the pairs of a split, in the file's order. */
export async function readPairs(data: string, split: string): Promise<readonly PairRecord[]> {
  const records = await readPairManifest(join(data, 'pairs.jsonl'));
  return records.filter((pair) => pair.split === split);
}

async function readPlane(path: string): Promise<Plane> {
  await using file = await openRaster(path);
  return await file.readPlane({ band: 1 });
}

/** A square of a plane, px. */
export function crop(plane: Plane, x: number, y: number, size: number): Plane {
  const data = new Float32Array(size * size);
  const mask = plane.mask ? new Uint8Array(size * size) : undefined;
  for (let row = 0; row < size; row++) {
    const from = (y + row) * plane.width + x;
    data.set(plane.data.subarray(from, from + size), row * size);
    mask?.set(plane.mask!.subarray(from, from + size), row * size);
  }
  return mask ? { width: size, height: size, data, mask } : { width: size, height: size, data };
}

/** Loads a pair; a reference of more than so many px a side is cropped to its centre, the sensed image stays whole. */
export async function loadPair(data: string, record: PairRecord, side = 512): Promise<AlignedPair> {
  const [reference, sensed, valid] = await Promise.all([
    readPlane(join(data, record.reference)),
    readPlane(join(data, record.sensed)),
    record.mask === undefined ? null : readPlane(join(data, record.mask)),
  ]);
  const mask = valid === null ? undefined : Uint8Array.from(valid.data, (v) => (v > 0 ? 1 : 0));
  // The mask lies on the reference grid, which is the sensed grid too where one is given.
  const masked = (plane: Plane): Plane => (mask === undefined ? plane : { ...plane, mask });
  const toSensed = affine(...record.referenceToSensed);
  const base = { id: record.id, set: record.set, sensed: masked(sensed) };
  if (Math.max(reference.width, reference.height) <= side) {
    return { ...base, reference: masked(reference), referenceToSensed: toSensed };
  }
  const x = (reference.width - side) >> 1;
  const y = (reference.height - side) >> 1;
  return {
    ...base,
    reference: crop(masked(reference), x, y, side),
    referenceToSensed: composeTransforms(toSensed, translation(x, y)),
  };
}
