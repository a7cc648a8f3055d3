import type { Correspondences, Estimate, MatrixTransform } from '@tiepoint/geometry';
import type { SharedGround } from '../inputs/shared-ground.js';
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
  /** Those that were found, as they were found. */
  readonly found: TiePointSet;
}

/** What a model is fitted by, beside the tie points. */
export interface FitSetting extends Pick<Task, 'model' | 'seed'> {
  readonly referenceToSensed: MatrixTransform;
  readonly ground: SharedGround;
}

/** Tie points that were found, and their own model where they are enough for one. */
interface PerhapsFitted {
  readonly set: TiePointSet;
  readonly estimate: Estimate | null;
}

/** The model of tie points with imported ones joined to those that were found; null where no model fits. */
function joinImported(
  setting: FitSetting,
  { set, estimate }: PerhapsFitted,
  imported: Correspondences,
): FittedModel | null {
  const points = estimate === null ? set.points : scaledToResiduals(set, estimate).points;
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
  return fitTiePoints(setting, joined, setting.referenceToSensed, setting.ground, joined.score.length);
}

/**
 * Fits a model to tie points that were found and to imported ones, and makes the covariances fit the residuals.
 *
 * @returns null where no model fits
 */
export function fitTogether(
  setting: FitSetting,
  found: PerhapsFitted,
  imported: Correspondences | null,
): Omit<PlaneModel, 'localised' | 'found'> | null {
  const joined = imported && joinImported(setting, found, imported);
  const { set, estimate } = joined ?? found;
  if (estimate === null) return null;
  const scaled = scaledToResiduals(set, estimate);
  return {
    unit: 'plane px',
    estimate: withSharedErrors(set, scaled.estimate),
    points: scaled.points,
    score: set.score,
    window: set.window,
    imported: joined === null ? 0 : imported!.source.length / 2,
  };
}

/** Fits the final model to the tie points of a task, imported ones with them. */
export function fitModel(task: Task, refined: Refined): PlaneModel {
  const { windows, tiePoints, referenceToSensed, ground } = refined;
  const localised =
    tiePoints === windows.set ? null : fitTiePoints(task, tiePoints, referenceToSensed, ground, tiePoints.score.length);
  const found = localised ?? windows;
  const { model, seed, imported } = task;
  // What was found has a model, and so the two together have at least that.
  const fitted = fitTogether({ model, seed, referenceToSensed, ground }, found, imported)!;
  return { ...fitted, found: found.set, localised: localised !== null };
}
