import {
  type Correspondences,
  type Estimate,
  fitTransform,
  identity,
  isMatrixTransform,
  type MatrixTransform,
  type Plane,
  type Transform,
  type TransformModel,
} from '@tiepoint/geometry';
import {
  anyPose,
  aroundPose,
  createPyramid,
  type Dlsm,
  type Engine,
  type KeypointNetworks,
  mind,
  nearPose,
  orientedGradients,
  type Pose,
  type PoseRange,
  type StructureFeatures,
  searchPose,
} from '@tiepoint/matching';
import { accuracyOf } from './accuracy.js';
import { checkPlane } from './check-plane.js';
import { estimateModel } from './model-choice.js';
import { coarsePass, coarseStep, finePasses } from './passes.js';
import { type RefineContext, type Refined, falseAlarmsOf, independence, refine, refineOnce } from './refine.js';
import {
  type FullImages,
  gridTiePoints,
  localisedTiePoints,
  scaledToResiduals,
  type TiePointSet,
} from './tie-points.js';
import type { Accuracy, RegisterMethod } from './types.js';
import { startFrom } from './start-from-points.js';
import { networkPose, riftPose } from './keypoint-pose.js';
import { askNetwork, contrastOf } from './network-opinion.js';
import { type SharedGround, sharedGround } from './shared-ground.js';
import { type ExpectedPlace, rivalPlace } from './rival-place.js';
import { withSharedErrors } from './transform-error.js';
import { decadesOfContrast, type Evidence, type Judgement, judge } from './verdict.js';

/** How two planes are registered. */
export interface PlaneOptions {
  readonly engine: Engine;
  /** Reference px → sensed px where it is known roughly (from georeferences); null where it is not. */
  readonly start: MatrixTransform | null;
  /** `grid` tries the start only, `auto` also searches rotation and scale where that does not hold, `keypoints` starts from keypoints. */
  readonly method: RegisterMethod;
  readonly model: TransformModel | 'auto';
  /** How far a window is searched from the start, px of the reference. */
  readonly searchRadius: number;
  readonly seed: number;
  /** Tie points from elsewhere, with covariances. */
  readonly given?: Correspondences;
  readonly features?: StructureFeatures;
  /** The images at full resolution, where the planes are smaller: tie points are localised there. */
  readonly full?: FullImages;
  /** Localises the tie points of the last pass; without it they are those of the grid. */
  readonly dlsm?: Dlsm;
  /** Loads the networks that find and match keypoints when they are needed; without them keypoints are RIFT's. */
  readonly keypoints?: () => Promise<KeypointNetworks | null>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

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

/** A geometry that a coarse pass was tried from. */
interface Candidate {
  readonly method: string;
  readonly keypointWeights?: string;
  readonly refined: Refined;
}

/** Support beyond which no better start is sought. */
const convincing = -20;
/** Best poses of a search that are followed. */
const followed = { near: 5, any: 8 };

/** Candidates the network is asked about where none convinces. */
const doubtful = 3;

/** The candidate that windows and network together speak for most, of those the windows like best. */
async function mostConvincing(
  context: RefineContext,
  candidates: readonly Candidate[],
  dlsm: Dlsm | undefined,
): Promise<Candidate | null> {
  const likely = candidates
    .toSorted((a, b) => a.refined.logFalseAlarms - b.refined.logFalseAlarms)
    .slice(0, dlsm === undefined ? 1 : doubtful);
  let best: Candidate | null = null;
  let most = -Infinity;
  for (const candidate of likely) {
    const { referenceToSensed, logFalseAlarms } = candidate.refined;
    const { significance } = await contrastOf(context, referenceToSensed, dlsm);
    const decades = decadesOfContrast(significance) - logFalseAlarms;
    if (decades > most) [best, most] = [candidate, decades];
  }
  return best;
}

/** Tries starts from likely to far-fetched, and stops as soon as one is well supported. */
async function findGeometry(
  context: RefineContext,
  reference: Plane,
  options: PlaneOptions,
): Promise<Candidate | null> {
  const found: Candidate[] = [];
  const attempt = async (
    from: Omit<Candidate, 'refined'>,
    start: MatrixTransform | null,
    radius: number,
  ): Promise<void> => {
    const refined = start && (await refineOnce(context, start, coarsePass(reference, radius, 'affine')));
    if (refined !== null) found.push({ ...from, refined });
  };
  const best = (): Candidate | null =>
    found.reduce<Candidate | null>(
      (a, b) => (a === null || b.refined.logFalseAlarms < a.refined.logFalseAlarms ? b : a),
      null,
    );
  const convinced = (): boolean => (best()?.refined.logFalseAlarms ?? 0) < convincing;
  const { start, signal, onProgress, method: asked, keypoints } = options;
  // What a search leaves: two px of its grid and a part of a step of rotation and scale at the edge.
  const radius = (20 * Math.max(reference.width, reference.height)) / 256;
  const attemptNetworks = async (): Promise<void> => {
    const networks = (await keypoints?.()) ?? null;
    if (networks === null) return;
    onProgress?.('matching keypoints');
    const { detector, matcher } = networks;
    const keypointWeights = `detector ${detector.name}; matcher ${matcher.name}`;
    const pose = await networkPose(context, networks);
    await attempt({ method: 'keypoints (networks) + grid', keypointWeights }, pose, radius);
  };
  if (asked === 'keypoints') {
    await attemptNetworks();
    if (convinced()) return best();
    onProgress?.('matching keypoints by RIFT');
    await attempt({ method: 'keypoints (RIFT) + grid' }, await riftPose(context), radius);
    return best();
  }
  onProgress?.('matching from the start');
  const givenStart = options.given === undefined ? null : startFrom(options.given, options);
  if (givenStart !== null) {
    await attempt({ method: 'grid (given tie points)' }, givenStart, options.searchRadius);
    if (convinced()) return best();
  }
  const first = start === null ? 'grid (identity)' : 'grid (georeference)';
  await attempt({ method: first }, start ?? identity, options.searchRadius);
  if (convinced() || asked === 'grid') return best();
  const channels = orientedGradients();
  const stages: readonly [string, PoseRange, number][] = [
    ['near search + grid', nearPose, followed.near],
    ['global search + grid', anyPose, followed.any],
  ];
  for (const [method, range, count] of stages) {
    // Keypoints find what is far from the start more surely than correlation, but cost as much as the near search and more.
    if (range === anyPose) {
      await attemptNetworks();
      if (convinced()) return best();
    }
    onProgress?.(method);
    const search = (within: PoseRange, best: number): Promise<readonly Pose[]> =>
      searchPose(context.engine, context.reference, context.sensed, channels, within, best, signal);
    for (const pose of await search(range, count)) {
      // Windows forgive a degree or two of rotation, not half a step of the search.
      const [nearer = pose] = await search(aroundPose(pose, range), 1);
      await attempt({ method }, nearer.referenceToSensed, radius);
    }
    if (convinced()) return best();
  }
  return mostConvincing(context, found, options.dlsm);
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

/** A model fitted to tie points. */
interface Solution {
  readonly set: TiePointSet;
  readonly estimate: Estimate;
}

/** Fits the model that was asked for, or the one the tie points speak for; null where there are too few. */
function solve(
  set: TiePointSet,
  referenceToSensed: MatrixTransform,
  ground: SharedGround,
  tried: number,
  options: PlaneOptions,
): Solution | null {
  const { matrix } = referenceToSensed;
  const scale = 1 / Math.sqrt(Math.abs(matrix[0] * matrix[4] - matrix[1] * matrix[3]));
  const { sensed, reference } = set.points;
  const estimate = estimateModel(options.model, {
    points: set.predicted ? set.points : { sensed, reference },
    threshold: residualLimit,
    seed: options.seed,
    independence: independence(ground, { window: set.window, step: 1 }, tried),
    window: set.window,
    minScale: 0.7 * scale,
    maxScale: 1.4 * scale,
  });
  return estimate && { set, estimate };
}

/** The solution with the given tie points joined to those that were found; null where no model fits both. */
function join(
  { set, estimate }: Solution,
  given: Correspondences,
  referenceToSensed: MatrixTransform,
  ground: SharedGround,
  options: PlaneOptions,
): Solution | null {
  const { points } = scaledToResiduals(set, estimate);
  const both = (found: Float64Array, more: Float64Array): Float64Array => Float64Array.from([...found, ...more]);
  const joined: TiePointSet = {
    points: {
      sensed: both(points.sensed, given.sensed),
      reference: both(points.reference, given.reference),
      covariance: both(points.covariance!, given.covariance!),
    },
    score: both(set.score, new Float64Array(given.sensed.length / 2).fill(1)),
    window: set.window,
    predicted: true,
  };
  return solve(joined, referenceToSensed, ground, joined.score.length, options);
}

/** A solution with its covariances made to fit the residuals, and how good it is. */
function solutionOf(
  { set, estimate: found }: Solution,
  ground: SharedGround,
): { readonly points: Correspondences; readonly estimate: Estimate; readonly accuracy: Accuracy } {
  const { points, estimate: scaled } = scaledToResiduals(set, found);
  const estimate = withSharedErrors(set, scaled);
  const kept = Array.from(estimate.inliers.keys()).filter((i) => estimate.inliers[i] === 1);
  const pick = (data: Float64Array, size: number): Float64Array =>
    Float64Array.from(kept.flatMap((i) => Array.from(data.subarray(size * i, size * i + size))));
  const { sensed, reference, covariance } = points;
  const inliers = { sensed: pick(sensed, 2), reference: pick(reference, 2), covariance: pick(covariance!, 3) };
  return { points, estimate, accuracy: accuracyOf(estimate.fit, inliers, ground) };
}

/** Where the geometry is expected, where anything is known of that. */
function expectedPlace({ start, method, searchRadius }: PlaneOptions): ExpectedPlace | null {
  return start === null && method !== 'grid' ? null : { start: start ?? identity, radius: searchRadius };
}

/** Residual beyond which a tie point of the last pass is wrong, px. */
const residualLimit = 3;

/** The solution's model fitted from the reference to the sensed image: good to a fraction of its residuals, as a start. */
function backwards({ set, estimate }: Solution): Transform | null {
  const { sensed, reference } = set.points;
  const weights = Float64Array.from(estimate.inliers);
  return fitTransform({ sensed: reference, reference: sensed }, estimate.model, weights)?.transform ?? null;
}

/** Localises tie points by DLSM and fits the model to them; null where that is not asked for or finds too few. */
async function localise(
  { engine, signal }: RefineContext,
  reference: Plane,
  sensed: Plane,
  referenceToSensed: MatrixTransform,
  grid: Solution,
  ground: SharedGround,
  options: PlaneOptions,
): Promise<Solution | null> {
  if (options.dlsm === undefined) return null;
  options.onProgress?.('localising tie points');
  // The field of DLSM is narrow: where the scene bends it is laid along the bend.
  const geometry = isMatrixTransform(grid.estimate.transform)
    ? referenceToSensed
    : (backwards(grid) ?? referenceToSensed);
  const set = await localisedTiePoints(engine, options.dlsm, reference, sensed, geometry, signal, options.full);
  return set && solve(set, referenceToSensed, ground, set.score.length, options);
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
  const grid = solve(gridTiePoints(matches, pass.window), last.referenceToSensed, ground, matches.tried, options);
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
  const judged = solutionOf(grid, ground);
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
  const { accuracy, estimate, points } = joined || localised ? solutionOf(joined ?? found, ground) : judged;
  const { refined: _refined, ...from } = candidate;
  const method = localised ? `${from.method} + DLSM` : from.method;
  const { score } = (joined ?? found).set;
  const count = joined ? given.sensed.length / 2 : 0;
  return { ...judge(evidence, accuracy), ...from, method, estimate, points, score, given: count, accuracy, evidence };
}
