import type { Estimate, MatrixTransform } from '@tiepoint/geometry';
import type { SharedGround } from '../inputs/shared-ground.js';
import type { Task } from '../inputs/task.js';
import type { TiePointSet } from './tie-point-set.js';
import { independence, scaleCorrection, scaleOf } from '../search/match-pass.js';
import { estimateModel } from './model-choice.js';

/** Residual beyond which a tie point at full resolution is wrong, px. */
const residualLimit = 3;

/** A model fitted to tie points. */
export interface FittedModel {
  readonly set: TiePointSet;
  readonly estimate: Estimate;
}

/**
 * Fits the model that was asked for, or the one the tie points speak for.
 *
 * @param referenceToSensed - the geometry so far
 * @param tried - windows or patches that were looked at
 * @returns null where there are too few tie points
 */
export function fitTiePoints(
  { model, seed }: Pick<Task, 'model' | 'seed'>,
  set: TiePointSet,
  referenceToSensed: MatrixTransform,
  ground: SharedGround,
  tried: number,
): FittedModel | null {
  const scale = scaleOf(referenceToSensed);
  const { source, target } = set.points;
  const estimate = estimateModel(model, {
    points: set.predicted ? set.points : { source, target },
    threshold: residualLimit,
    seed,
    independence: independence(ground, { window: set.window, step: 1 }, tried),
    window: set.window,
    minScale: scaleCorrection.least * scale,
    maxScale: scaleCorrection.most * scale,
  });
  return estimate && { set, estimate };
}
