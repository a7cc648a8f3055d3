import { mean, type MatrixTransform } from '@tiepoint/geometry';
import { shiftedAgreement, type WholeShift } from '@tiepoint/matching';
import type { CommonMarks } from './common-marks.js';
import { measuringPolicy } from '../measuring-policy.js';
import { boxMean } from './box-mean.js';
import { largestMotion } from './largest-motion.js';
import { planesOf, type Task } from './task.js';

/** Longest side at which images are compared, px: larger ones are averaged down. */
const largestSide = 512;
/** How far from marks the ground begins, px of the grid: what features still see of them there does not matter. */
const clearance = 4;
/** Where the ground lies on itself, if it does: the residual errors of a fit. */
const here: readonly WholeShift[] = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => [dx, dy] as const));
/** Turn between two shifts, radians: that of sunflower seeds, so that no direction is preferred. */
const turn = 2.4;
/** Pixels clear of marks, at least: of fewer the mean says nothing. */
const fewestPixels = 1500;
/** Shifts at which it agrees by chance only: their number, how far the nearest is, and how much farther the next of each circle. */
const aside = { count: 120, nearest: 8, circles: 15, spacing: 1.1 } as const;
const elsewhere: readonly WholeShift[] = Array.from({ length: aside.count }, (_, k) => {
  const radius = aside.nearest + (k % aside.circles) * aside.spacing;
  return [Math.round(radius * Math.cos(turn * k)), Math.round(radius * Math.sin(turn * k))];
});

/** Pixels of a grid that lie clear of marks. */
function clearOf(marks: CommonMarks, step: number, width: number, height: number): Uint8Array {
  const marked = new Float32Array(width * height);
  for (let y = 0; y < marks.height; y++) {
    for (let x = 0; x < marks.width; x++) {
      if (marks.mask[y * marks.width + x] === 0) continue;
      const [u, v] = [Math.floor((x * marks.step) / step), Math.floor((y * marks.step) / step)];
      if (u < width && v < height) marked[v * width + u] = 1;
    }
  }
  return Uint8Array.from(boxMean(marked, width, height, clearance - 1), (share) => (share > 0 ? 0 : 1));
}

/**
 * Whether the ground agrees clear of the marks that both files carry. An answer that stands still with them is theirs unless the
 * ground between them says the same.
 *
 * @returns deviations by which it agrees more than a few pixels aside, where it agrees by chance; undefined where marks leave too little
 *   of it to be asked, or the geometry moves away from them
 */
export async function groundBesideMarks(
  task: Task,
  marks: CommonMarks,
  referenceToSensed: MatrixTransform,
): Promise<number | undefined> {
  const { engine, reference, sensed, features } = task;
  const [{ width, height }] = planesOf(task);
  if (largestMotion({ width, height }, referenceToSensed) > measuringPolicy.standstill) return undefined;
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / largestSide)));
  const clear = clearOf(marks, step, Math.ceil(width / step), Math.ceil(height / step));
  if (clear.reduce((count, one) => count + one, 0) < fewestPixels) return undefined;
  const shifts = [...here, ...elsewhere];
  const agreement = await shiftedAgreement(engine, reference, sensed, referenceToSensed, features, step, clear, shifts);
  const chance = Array.from(agreement.subarray(here.length)).filter((value) => !Number.isNaN(value));
  const level = mean(chance);
  const deviation = Math.sqrt(mean(chance.map((value) => (value - level) ** 2)));
  const peak = Math.max(...agreement.subarray(0, here.length));
  return deviation > 0 && !Number.isNaN(peak) ? (peak - level) / deviation : undefined;
}
