import { type Correspondences, type Estimate, identity, type Plane } from '@tiepoint/geometry';
import { createPyramid, mind } from '@tiepoint/matching';
import { checkPlane } from './check-plane.js';
import { findGeometry } from './find-geometry.js';
import { askNetwork } from './network-opinion.js';
import { coarseStep, finePasses } from './passes.js';
import type { PlaneOptions } from './plane-options.js';
import { falseAlarmsOf, refine, type RefineContext, type Refined } from './refine.js';
import { type ExpectedPlace, rivalPlace } from './rival-place.js';
import { sharedGround } from './shared-ground.js';
import { join, localise, withAccuracy, fitModel } from './fitted-model.js';
import { gridTiePoints } from './tie-points.js';
import type { Accuracy } from './types.js';
import { type Evidence, type Judgement, judge } from './verdict.js';

/** The registration of two planes; pixel coordinates are theirs. */
export interface PlaneRegistration extends Judgement {
  /** Where the geometry came from. */
  readonly method: string;
  /** Names the weights of the networks whose keypoints the geometry came from. */
  readonly keypointWeights?: string;
  /** Also there when the verdict is `refuse`: nobody should use it then, but a bench may look. */
  readonly estimate: Estimate | null;
  /** Tie points of the last pass with their covariance, scaled to the residuals. */
  readonly points: Correspondences | null;
  /** Similarity of each, 0 to 1. */
  readonly score: Float64Array | null;
  /** How many of the tie points were given, not found: the last ones. */
  readonly given: number;
  readonly accuracy: Accuracy | null;
  readonly evidence: Evidence | null;
}

function meanWhere(values: Float64Array, keep: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (keep[i] === 0) continue;
    sum += values[i]!;
    count++;
  }
  return count > 0 ? sum / count : 0;
}

/** Where the geometry is expected, where anything is known of that. */
function expectedPlace({ start, method, searchRadius }: PlaneOptions): ExpectedPlace | null {
  return start === null && method !== 'grid' ? null : { start: start ?? identity, radius: searchRadius };
}

/** Support of a pass at full resolution beyond which matching both ways adds nothing to the verdict. */
const overwhelming = -35;

/** Whether a pass may be the last though it does not match both ways: when the network localises the tie points. */
function needsNoCheck({ dlsm }: PlaneOptions): (refined: Refined) => boolean {
  return ({ pass, logFalseAlarms }) => dlsm !== undefined && pass.step === 1 && logFalseAlarms < overwhelming;
}

/**
 * Registers two planes: finds the geometry from the start or by search, refines it pass by pass, estimates the model and judges
 * whether the agreement could be chance.
 *
 * @throws TiepointError `image-too-small`, `no-valid-pixels`, `no-structure`
 */
export async function registerPlanes(
  reference: Plane,
  sensed: Plane,
  options: PlaneOptions,
): Promise<PlaneRegistration> {
  checkPlane(reference, 'the reference');
  checkPlane(sensed, 'the sensed image');
  const context: RefineContext = {
    engine: options.engine,
    reference: createPyramid(reference),
    sensed: createPyramid(sensed),
    features: options.features ?? mind(),
    seed: options.seed,
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const nothing = (method: string, reason: string): PlaneRegistration => ({
    verdict: 'refuse',
    reasons: [reason],
    method,
    estimate: null,
    points: null,
    score: null,
    given: 0,
    accuracy: null,
    evidence: null,
  });
  const candidate = await findGeometry(context, reference, options);
  if (candidate === null) return nothing('grid', 'too few windows have structure in both images to fit any transform');
  options.onProgress?.('refining');
  const passes = finePasses(reference, Math.min(candidate.refined.pass.step, coarseStep(reference)));
  const refined = await refine(context, candidate.refined.referenceToSensed, passes, needsNoCheck(options));
  const last = refined?.at(-1);
  if (!refined || !last)
    return nothing(candidate.method, 'the agreement found at low resolution did not hold at full resolution');
  const { matches, pass } = last;
  const ground = sharedGround(reference, sensed, last.referenceToSensed);
  const grid = fitModel(gridTiePoints(matches, pass.window), last.referenceToSensed, ground, matches.tried, options);
  if (grid === null) return nothing(candidate.method, `too few tie points for the model ${options.model}`);
  const windows: Evidence = {
    logFalseAlarms: [
      candidate.refined.logFalseAlarms,
      refined[0]!.logFalseAlarms,
      // Of the model that was asked for, which may fit worse than the affine one the passes went by.
      falseAlarmsOf(ground, pass, matches, grid.estimate, Math.ceil(grid.estimate.fit.effectiveParameters / 2)),
    ],
    tried: matches.tried,
    matched: matches.count,
    inliers: grid.estimate.inlierCount,
    score: meanWhere(matches.score, grid.estimate.inliers),
    distinctness: meanWhere(matches.distinctness, grid.estimate.inliers),
  };
  const opinion = await askNetwork(context, windows, last.referenceToSensed, options.dlsm);
  const agreement = opinion === null ? windows : { ...windows, contrast: opinion.contrast.significance };
  const referenceToSensed = opinion?.referenceToSensed ?? last.referenceToSensed;
  const judged = withAccuracy(grid, ground);
  const chance = judge(agreement, judged.accuracy).verdict === 'refuse';
  // Of what may be chance anyway it is not worth asking where else it fits.
  const rival = chance ? null : await rivalPlace(context, referenceToSensed, expectedPlace(options));
  const refused = chance || judge({ ...agreement, rival }, judged.accuracy).verdict === 'refuse';
  const localised = refused
    ? null
    : await localise(context, reference, sensed, referenceToSensed, grid, ground, options);
  // Then the tie points are those of the grid, and want its last pass.
  if (localised === null && !refused && last.pass !== passes.at(-1)) {
    const { dlsm: _dlsm, ...handMade } = options;
    return registerPlanes(reference, sensed, handMade);
  }
  // Where the network moved the geometry but has too few tie points for a solution, what it says of that geometry is not of the grid's.
  const elsewhere = referenceToSensed !== last.referenceToSensed && localised === null;
  const evidence: Evidence = { ...(elsewhere ? windows : agreement), rival };
  const { given } = options;
  const found = localised ?? grid;
  const joined = given && join(found, given, last.referenceToSensed, ground, options);
  const { accuracy, estimate, points } = joined || localised ? withAccuracy(joined ?? found, ground) : judged;
  const { refined: _refined, ...from } = candidate;
  const method = localised ? `${from.method} + DLSM` : from.method;
  const { score } = (joined ?? found).set;
  const count = joined ? given.sensed.length / 2 : 0;
  return { ...judge(evidence, accuracy), ...from, method, estimate, points, score, given: count, accuracy, evidence };
}
