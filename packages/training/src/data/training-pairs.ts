import { dirname, join } from 'node:path';
import {
  affine,
  affineFromGeotransform,
  composeTransforms,
  invertTransform,
  type MatrixTransform,
  type Plane,
  type Transform,
} from '@tiepoint/geometry';
import { openRaster } from '@tiepoint/raster';
import { type PairRecord, readPairManifest, readStackManifest, type StackRecord } from './manifest.js';
import { toTrainingImage, type TrainingImage } from './training-image.js';

/** Two aligned images in memory. */
export interface TrainingPair {
  readonly id: string;
  /** What figures are given for, for example `infrared`. */
  readonly set: string;
  /** The place. */
  readonly group: string;
  readonly reference: TrainingImage;
  readonly sensed: TrainingImage;
  /** Reference px to sensed px, corner convention. */
  readonly referenceToSensed: Transform;
  /** How good that is, px. */
  readonly alignmentErrorPx: number;
}

/** Where pairs come from. */
export interface PairSource {
  /** A manifest of pairs; see {@link PairRecord}. */
  readonly pairs: string;
  /** A manifest of stacks; see {@link StackRecord}. */
  readonly stacks?: string;
  readonly split: 'train' | 'val';
}

async function loadRecord(folder: string, record: PairRecord): Promise<TrainingPair> {
  const read = async (file: string): Promise<Plane> => {
    await using raster = await openRaster(join(folder, file));
    return await raster.readPlane();
  };
  const [reference, sensed, mask] = await Promise.all([
    read(record.reference),
    read(record.sensed),
    record.mask === undefined ? undefined : read(record.mask),
  ]);
  const valid = mask && Uint8Array.from(mask.data, (v) => (v > 0 ? 1 : 0));
  const { id, set, group, alignmentErrorPx } = record;
  const masked = valid ? { ...reference, mask: valid } : reference;
  const referenceToSensed = affine(...record.referenceToSensed);
  return {
    id,
    set,
    group,
    alignmentErrorPx,
    referenceToSensed,
    reference: toTrainingImage(masked),
    sensed: toTrainingImage(sensed),
  };
}

interface Stack {
  readonly record: StackRecord;
  readonly bands: readonly TrainingImage[];
  /** Pixels to map coordinates, where the file has a georeference. */
  readonly toMap: MatrixTransform | undefined;
}

async function loadStack(folder: string, record: StackRecord): Promise<Stack> {
  await using raster = await openRaster(join(folder, record.file));
  const bands: TrainingImage[] = [];
  for (let band = 1; band <= raster.bands.length; band++) bands.push(toTrainingImage(await raster.readPlane({ band })));
  const geotransform = raster.georeference?.geotransform;
  return { record, bands, toMap: geotransform ? affineFromGeotransform(geotransform) : undefined };
}

/** How good the georeferences of two dates of one place are to each other, px. */
const betweenDatesPx = 0.6;

/** Any two bands of a file, and the first and last bands of a file and of the one after it in its group. */
function pairsOfStacks(stacks: readonly Stack[]): TrainingPair[] {
  const pairs: TrainingPair[] = [];
  const add = (a: Stack, i: number, b: Stack, j: number, referenceToSensed: MatrixTransform): void => {
    const { group, alignmentErrorPx } = a.record;
    pairs.push({
      id: a === b ? `${a.record.file}:${i + 1}-${j + 1}` : `${a.record.file}:${i + 1}-${b.record.file}:${j + 1}`,
      set: 'bands',
      group,
      reference: a.bands[i]!,
      sensed: b.bands[j]!,
      referenceToSensed,
      alignmentErrorPx: a === b ? alignmentErrorPx : betweenDatesPx,
    });
  };
  for (const [n, stack] of stacks.entries()) {
    for (let i = 0; i < stack.bands.length; i++) {
      for (let j = i + 1; j < stack.bands.length; j++) add(stack, i, stack, j, affine(1, 0, 0, 0, 1, 0));
    }
    const next = stacks[n + 1];
    if (!next || next.record.group !== stack.record.group || !stack.toMap || !next.toMap) continue;
    const fromMap = invertTransform(next.toMap);
    if (fromMap === null) continue;
    const between = composeTransforms(fromMap, stack.toMap);
    const last = Math.min(stack.bands.length, next.bands.length) - 1;
    add(stack, 0, next, last, between);
    add(stack, last, next, 0, between);
    add(stack, 0, next, 0, between);
  }
  return pairs;
}

/** Loads all pairs of a split, those of the stacks last; the bands of a stack are shared between its pairs. */
export async function loadTrainingPairs(source: PairSource): Promise<readonly TrainingPair[]> {
  const records = (await readPairManifest(source.pairs)).filter(({ split }) => split === source.split);
  const pairs: TrainingPair[] = [];
  for (const record of records) pairs.push(await loadRecord(dirname(source.pairs), record));
  if (source.stacks === undefined) return pairs;
  const stacks: Stack[] = [];
  for (const record of await readStackManifest(source.stacks)) {
    if (record.split === source.split) stacks.push(await loadStack(dirname(source.stacks), record));
  }
  return [...pairs, ...pairsOfStacks(stacks)];
}
