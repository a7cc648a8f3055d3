import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  affine,
  type MatrixTransform,
  type Plane,
  TiepointError,
  composeTransforms,
  translation,
} from '@tiepoint/geometry';
import { openRaster } from '@tiepoint/raster';

/** A line of the data folder's `pairs.jsonl`. */
export interface PairRecord {
  readonly id: string;
  readonly split: 'train' | 'val';
  readonly modality: string;
  readonly reference: string;
  readonly sensed: string;
  readonly mask?: string;
  /** [a, b, c, d, e, f], reference px → sensed px, corner convention. */
  readonly referenceToSensed: readonly [number, number, number, number, number, number];
  readonly alignmentErrorPx: number;
  /** The place: splits and folds go by it. */
  readonly group: string;
}

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

/** The set of a pair: the folder it lies in. */
export function setOf(record: PairRecord): string {
  return record.reference.split('/')[0]!;
}

/** Reads the pairs of a split, in the file's order. */
export async function readPairs(data: string, split: string): Promise<readonly PairRecord[]> {
  const path = join(data, 'pairs.jsonl');
  if (!existsSync(path)) {
    throw new TiepointError('file-not-found', `there is no ${path}`, {
      hint: 'name the folder that holds pairs.jsonl with --data',
      value: data,
    });
  }
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => JSON.parse(line) as PairRecord).filter((pair) => pair.split === split);
}

async function readPlane(path: string): Promise<Plane> {
  await using file = await openRaster(path);
  return await file.readPlane({ band: 1 });
}

function crop(plane: Plane, x: number, y: number, size: number): Plane {
  const data = new Float32Array(size * size);
  const mask = plane.mask ? new Uint8Array(size * size) : undefined;
  for (let row = 0; row < size; row++) {
    const from = (y + row) * plane.width + x;
    data.set(plane.data.subarray(from, from + size), row * size);
    mask?.set(plane.mask!.subarray(from, from + size), row * size);
  }
  return mask ? { width: size, height: size, data, mask } : { width: size, height: size, data };
}

/** Loads a pair; a reference over 512 px a side is cropped to its centre, the sensed image stays whole. */
export async function loadPair(data: string, record: PairRecord): Promise<AlignedPair> {
  const [reference, sensed, valid] = await Promise.all([
    readPlane(join(data, record.reference)),
    readPlane(join(data, record.sensed)),
    record.mask === undefined ? null : readPlane(join(data, record.mask)),
  ]);
  const mask = valid === null ? undefined : Uint8Array.from(valid.data, (v) => (v > 0 ? 1 : 0));
  // The mask lies on the reference grid, which is the sensed grid too where one is given.
  const masked = (plane: Plane): Plane => (mask === undefined ? plane : { ...plane, mask });
  const toSensed = affine(...record.referenceToSensed);
  const side = 512;
  const base = { id: record.id, set: setOf(record), sensed: masked(sensed) };
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
