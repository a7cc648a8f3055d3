import type { Correspondences, Estimate } from '@tiepoint/geometry';
import type { Task } from '../inputs/task.js';
import type { Refined } from '../refine/refine.js';
import { scaledToResiduals, type TiePointSet } from './tie-point-set.js';
import { fitTiePoints, type FittedModel } from './fit-tie-points.js';
import { withSharedErrors } from './shared-errors.js';

/** The transform between the planes, with what it rests on. */
export interface PlaneModel {
  readonly unit: 'plane px';
  readonly estimate: Estimate;
  /** Tie points with their covariance, scaled to the residuals; source is the sensed plane. */
  readonly points: Correspondences;
  /** Similarity of each, 0 to 1. */
  readonly score: Float64Array;
  /** How many of the tie points were imported, not found: the last ones. */
  readonly imported: number;
  /** Side of the windows or patches they come from, px of the reference. */
  readonly window: number;
  /** Whether DLSM localised those that were found. */
  readonly localised: boolean;
}

/** The model with imported tie points joined to those that were found; null where no model fits both. */
function joinImported(
  task: Task,
  { set, estimate }: FittedModel,
  imported: Correspondences,
  { referenceToSensed, ground }: Refined,
): FittedModel | null {
  const { points } = scaledToResiduals(set, estimate);
  const both = (found: Float64Array, more: Float64Array): Float64Array => Float64Array.from([...found, ...more]);
  const joined: TiePointSet = {
    points: {
      source: both(points.source, imported.source),
      target: both(points.target, imported.target),
      covariance: both(points.covariance!, imported.covariance!),
    },
    score: both(set.score, new Float64Array(imported.source.length / 2).fill(1)),
    window: set.window,
    predicted: true,
  };
  return fitTiePoints(task, joined, referenceToSensed, ground, joined.score.length);
}

/** Fits the final model to the tie points, imported ones with them, and makes the covariances fit the residuals. */
export function fitModel(task: Task, refined: Refined): PlaneModel {
  const { windows, tiePoints, referenceToSensed, ground } = refined;
  const localised =
    tiePoints === windows.set ? null : fitTiePoints(task, tiePoints, referenceToSensed, ground, tiePoints.score.length);
  const found = localised ?? windows;
  const joined = task.imported && joinImported(task, found, task.imported, refined);
  const { set, estimate } = joined ?? found;
  const scaled = scaledToResiduals(set, estimate);
  return {
    unit: 'plane px',
    estimate: withSharedErrors(set, scaled.estimate),
    points: scaled.points,
    score: set.score,
    window: set.window,
    imported: joined === null ? 0 : task.imported!.source.length / 2,
    localised: localised !== null,
  };
}
