import type { MatrixTransform, Transform, TransformModel } from '@tiepoint/geometry';
import type { Surroundings } from '../evidence/measure.js';
import type { Task } from '../inputs/task.js';
import type { MatchedParts } from '../model/matched-parts.js';
import type { PlaneModel } from '../model/fit-model.js';
import type { TiePointSet } from '../model/tie-point-set.js';
import type { Refined } from '../refine/refine.js';
import type { WindowAgreement } from '../refine/window-agreement.js';
import type { PassResult } from '../search/match-pass.js';

/**
 * What a registration rests on, px of the planes that were matched: enough to fit and judge it again without the images. Plain data,
 * which a worker may hand over.
 */
export interface FitBasis {
  /** The model that was fitted, and the one that was asked for. */
  readonly model: TransformModel;
  readonly wanted: TransformModel | 'auto';
  readonly transform: Transform;
  readonly seed: number;
  /** The geometry that tie points were localised at. */
  readonly referenceToSensed: MatrixTransform;
  readonly surroundings: Surroundings;
  /** Tie points as they were found, and those that were imported. */
  readonly found: TiePointSet;
  readonly imported: Task['imported'];
  /** Whether DLSM localised those that were found; else they are the windows. */
  readonly localised: boolean;
  /** How the windows agreed, and the windows themselves: their matches in the last pass and the model fitted to them. */
  readonly agreement: WindowAgreement;
  readonly windows: Pick<PassResult, 'matches' | 'pass'> & {
    readonly set: TiePointSet;
    readonly model: TransformModel;
  };
  /** How far off the pass that found the geometry may be, px of the reference: farther away it speaks for nothing. */
  readonly reach: number;
}

/** The basis of a registration of files. */
export interface FileFitBasis extends FitBasis {
  readonly parts: MatchedParts;
}

/** The basis of a registration of planes. */
export function basisOf(task: Task, refined: Refined, model: PlaneModel, surroundings: Surroundings): FitBasis {
  const { coarse, last, windows, agreement, referenceToSensed } = refined;
  return {
    model: model.estimate.model,
    wanted: task.model,
    transform: model.estimate.transform,
    seed: task.seed,
    referenceToSensed,
    surroundings,
    found: model.found,
    imported: model.imported === 0 ? null : task.imported,
    localised: model.localised,
    agreement,
    windows: { matches: last.matches, pass: last.pass, set: windows.set, model: windows.estimate.model },
    reach: coarse.pass.threshold * coarse.pass.step,
  };
}
