import { join } from 'node:path';
import { affineFromGeotransform, composeTransforms, identity, invertTransform, translation } from '@tiepoint/geometry';
import { openRaster } from '@tiepoint/raster';
import { readStackManifest, type StackRecord } from '@tiepoint/training';
import { type AlignedPair, crop } from '../registration/dataset.js';

/** An aligned pair and how good its truth is. */
export interface StackPair extends AlignedPair {
  readonly alignmentErrorPx: number;
}

const usualSide = 512;

/** Band `i` of one file (its centre) and band `j` of another, or of the same; null where that has no georeference. */
async function loadStackPair(
  data: string,
  [first, i]: readonly [StackRecord, number],
  [second, j]: readonly [StackRecord, number | 'last'],
  alignmentErrorPx: number,
  side = usualSide,
): Promise<StackPair | null> {
  await using from = await openRaster(join(data, first.file));
  await using to = await openRaster(join(data, second.file));
  const whole = await from.readPlane({ band: i });
  const size = Math.min(side, whole.width, whole.height);
  const [x, y] = [(whole.width - size) >> 1, (whole.height - size) >> 1];
  const [a, b] = [from.georeference?.geotransform, to.georeference?.geotransform];
  const back = b ? invertTransform(affineFromGeotransform(b)) : null;
  const between = first === second ? identity : a && back ? composeTransforms(back, affineFromGeotransform(a)) : null;
  if (between === null) return null;
  return {
    id: `${first.file}:${i}|${second.file}:${j}`,
    set: 'bands',
    reference: crop(whole, x, y, size),
    sensed: await to.readPlane({ band: j === 'last' ? to.bands.length : j }),
    referenceToSensed: composeTransforms(between, translation(x, y)),
    alignmentErrorPx,
  };
}

/** Every combination of two bands of a file, counted from 1. */
async function bandsOf(data: string, stack: StackRecord): Promise<(readonly [StackRecord, number, number])[]> {
  await using file = await openRaster(join(data, stack.file));
  const all = Array.from(file.bands, (_, i) => i + 1);
  return all.flatMap((i) => all.slice(i).map((j) => [stack, i, j + 1] as const)).filter(([, , j]) => j <= all.length);
}

/** Two bands of one file, `count` combinations spread over the files of a split; of the reference a square in the middle. */
export async function* bandPairs(
  data: string,
  split: string,
  count: number,
  side = usualSide,
): AsyncGenerator<StackPair> {
  const stacks = (await readStackManifest(join(data, 'stacks.jsonl'))).filter((stack) => stack.split === split);
  const all = (await Promise.all(stacks.map((stack) => bandsOf(data, stack)))).flat();
  for (let k = 0; k < Math.min(count, all.length); k++) {
    const [stack, i, j] = all[Math.floor(((k + 0.5) * all.length) / Math.min(count, all.length))]!;
    const pair = await loadStackPair(data, [stack, i], [stack, j], stack.alignmentErrorPx, side);
    if (pair !== null) yield pair;
  }
}

/** How good the georeferences of two dates of one place are to each other, px. */
const betweenDates = 0.6;

/**
 * One place years apart: the first band of a file and the last of the one half of the group's files later, so that water, crops and
 * snow have changed. Only the training files have dates.
 */
export async function* datePairs(data: string, count: number): AsyncGenerator<StackPair> {
  const stacks = await readStackManifest(join(data, 'stacks.jsonl'));
  const far = stacks.flatMap((stack, n) => {
    const later = stacks[n + 4];
    return later !== undefined && later.group === stack.group ? [[stack, later] as const] : [];
  });
  for (let k = 0; k < Math.min(count, far.length); k++) {
    const [stack, later] = far[Math.floor(((k + 0.5) * far.length) / Math.min(count, far.length))]!;
    const pair = await loadStackPair(data, [stack, 1], [later, 'last'], betweenDates);
    if (pair !== null) yield pair;
  }
}
