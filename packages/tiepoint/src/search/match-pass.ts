import {
  type Estimate,
  estimateTransform,
  invertTransform,
  isMatrixTransform,
  type MatrixTransform,
} from '@tiepoint/geometry';
import {
  type Engine,
  type GridMatches,
  type GridPass,
  matchGrid,
  type Pyramid,
  type StructureFeatures,
} from '@tiepoint/matching';
import { type SharedGround, sharedGround } from './shared-ground.js';
import { logFalseAlarms } from './significance.js';

/** What the passes share. */
export interface RefineContext {
  readonly engine: Engine;
  readonly reference: Pyramid;
  readonly sensed: Pyramid;
  readonly features: StructureFeatures;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** A pass and how its matches are fitted. */
export interface RefinePass extends GridPass {
  readonly model: 'similarity' | 'affine';
  /** Residual beyond which a match is wrong, px of the window. */
  readonly threshold: number;
}

/** The geometry after a pass. */
export interface Refined {
  readonly referenceToSensed: MatrixTransform;
  readonly estimate: Estimate;
  readonly matches: GridMatches;
  readonly pass: RefinePass;
  readonly logFalseAlarms: number;
}

/**
 * Windows that are independent, of each window tried: windows share ground where they overlap, and errors with it.
 * A quarter of a window's area apart, features that are smoothed over few pixels have little left in common.
 */
export function independence(ground: SharedGround, pass: Pick<GridPass, 'window' | 'step'>, tried: number): number {
  const distinct = (4 * ground.area) / (pass.window * pass.step) ** 2;
  return Math.min(1, distinct / Math.max(tried, 1));
}

function sampleOf(model: RefinePass['model']): number {
  return model === 'affine' ? 3 : 2;
}

/** How surprising it is that so many matches of a pass agree with an estimate; see `logFalseAlarms`. */
export function falseAlarmsOf(
  ground: SharedGround,
  pass: RefinePass,
  matches: GridMatches,
  estimate: Estimate,
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

/** Matches on a grid at the geometry so far and fits a transform; null where there are too few matches for one. */
export async function refineOnce(
  context: RefineContext,
  referenceToSensed: MatrixTransform,
  pass: RefinePass,
): Promise<Refined | null> {
  const { engine, reference, sensed, features, seed, signal } = context;
  const matches = await matchGrid(engine, reference, sensed, referenceToSensed, features, pass, signal);
  const scale = Math.sqrt(
    Math.abs(
      referenceToSensed.matrix[0] * referenceToSensed.matrix[4] -
        referenceToSensed.matrix[1] * referenceToSensed.matrix[3],
    ),
  );
  const estimate = estimateTransform(
    { sensed: matches.sensed, reference: matches.reference },
    {
      model: pass.model,
      threshold: pass.threshold * pass.step,
      seed,
      // A pass corrects the geometry it starts from; it does not replace it.
      minScale: 0.7 / scale,
      maxScale: 1.4 / scale,
    },
  );
  if (estimate === null || !isMatrixTransform(estimate.transform)) return null;
  const inverse = invertTransform(estimate.transform);
  if (inverse === null) return null;
  const ground = sharedGround(reference.levels[0]!, sensed.levels[0]!, referenceToSensed);
  const alarms = falseAlarmsOf(ground, pass, matches, estimate, sampleOf(pass.model));
  return { referenceToSensed: inverse, estimate, matches, pass, logFalseAlarms: alarms };
}

/** Runs passes one after another until one is `enough`; null as soon as one fails. */
export async function refine(
  context: RefineContext,
  start: MatrixTransform,
  passes: readonly RefinePass[],
  enough: (refined: Refined) => boolean = () => false,
): Promise<readonly Refined[] | null> {
  const done: Refined[] = [];
  let geometry = start;
  for (const pass of passes) {
    const refined = await refineOnce(context, geometry, pass);
    if (refined === null) return null;
    done.push(refined);
    if (enough(refined)) break;
    geometry = refined.referenceToSensed;
  }
  return done;
}
