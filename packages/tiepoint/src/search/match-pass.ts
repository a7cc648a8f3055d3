import {
  type Estimate,
  estimateTransform,
  invertTransform,
  isMatrixTransform,
  type MatrixTransform,
  minimalCount,
} from '@tiepoint/geometry';
import { type GridMatches, type GridPass, matchGrid } from '@tiepoint/matching';
import type { SharedGround } from '../inputs/shared-ground.js';
import { sharedGround } from '../inputs/shared-ground.js';
import { planesOf, type Task } from '../inputs/task.js';
import { logFalseAlarms } from './significance.js';

/** A pass of windows over the overlap, and how its matches are fitted. */
export interface MatchPass extends GridPass {
  readonly model: 'similarity' | 'affine';
  /** Residual beyond which a match is wrong, px of the window. */
  readonly threshold: number;
}

/** The geometry after a pass. */
export interface PassResult {
  readonly referenceToSensed: MatrixTransform;
  readonly estimate: Estimate;
  readonly matches: GridMatches;
  readonly pass: MatchPass;
  /** See {@link logFalseAlarms}. */
  readonly logFalseAlarms: number;
}

/** What a pass may change of the scale of the geometry it starts from: it corrects it, it does not replace it. */
export const scaleCorrection = { least: 0.7, most: 1.4 } as const;

/** Px of the reference per px of the sensed image, whatever the direction: the root of the area. */
export function scaleOf({ matrix }: MatrixTransform): number {
  return 1 / Math.sqrt(Math.abs(matrix[0] * matrix[4] - matrix[1] * matrix[3]));
}

/**
 * Windows that are independent, of each window tried: windows share ground where they overlap, and errors with it.
 * A quarter of a window's area apart, features that are smoothed over few pixels have little left in common.
 */
export function independence(ground: SharedGround, pass: Pick<GridPass, 'window' | 'step'>, tried: number): number {
  const distinct = (4 * ground.area) / (pass.window * pass.step) ** 2;
  return Math.min(1, distinct / Math.max(tried, 1));
}

/**
 * How surprising it is that so many matches of a pass agree with an estimate; see {@link logFalseAlarms}.
 *
 * @param sample - pairs that determine the estimate's model
 */
export function falseAlarmsOf(
  ground: SharedGround,
  pass: MatchPass,
  matches: Pick<GridMatches, 'tried'>,
  estimate: Pick<Estimate, 'residuals'>,
  sample: number,
): number {
  return logFalseAlarms({
    residuals: estimate.residuals,
    tried: matches.tried,
    searchArea: ((2 * pass.radius + 1) * pass.step) ** 2,
    sample,
    independence: independence(ground, pass, matches.tried),
    threshold: pass.threshold * pass.step,
  });
}

/** Matches windows at the geometry so far and fits a transform; null where there are too few matches for one. */
export async function runPass(
  task: Task,
  referenceToSensed: MatrixTransform,
  pass: MatchPass,
): Promise<PassResult | null> {
  const { engine, reference, sensed, features, seed, signal } = task;
  const matches = await matchGrid(engine, reference, sensed, referenceToSensed, features, pass, signal);
  const scale = scaleOf(referenceToSensed);
  const { source, target } = matches;
  const estimate = estimateTransform(
    { source, target },
    {
      model: pass.model,
      threshold: pass.threshold * pass.step,
      seed,
      minScale: scaleCorrection.least * scale,
      maxScale: scaleCorrection.most * scale,
    },
  );
  if (estimate === null || !isMatrixTransform(estimate.transform)) return null;
  const inverse = invertTransform(estimate.transform);
  if (inverse === null) return null;
  const ground = sharedGround(...planesOf(task), referenceToSensed);
  const alarms = falseAlarmsOf(ground, pass, matches, estimate, minimalCount(pass.model));
  return { referenceToSensed: inverse, estimate, matches, pass, logFalseAlarms: alarms };
}
