import { identity, type MatrixTransform, type Plane } from '@tiepoint/geometry';
import {
  anyPose,
  aroundPose,
  type Dlsm,
  nearPose,
  orientedGradients,
  type Pose,
  type PoseRange,
  searchPose,
} from '@tiepoint/matching';
import { networkPose, riftPose } from './keypoint-pose.js';
import { contrastOf } from './network-opinion.js';
import { coarsePass } from './passes.js';
import type { PlaneOptions } from './plane-options.js';
import { type RefineContext, type Refined, refineOnce } from './refine.js';
import { startFrom } from './start-from-points.js';
import { decadesOfContrast } from './verdict.js';

/** A geometry that a coarse pass was tried from. */
export interface Candidate {
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
export async function findGeometry(
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
