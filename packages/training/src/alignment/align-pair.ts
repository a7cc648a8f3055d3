import {
  type Correspondences,
  estimateTransform,
  isMatrixTransform,
  type MatrixTransform,
  type Transform,
  transformPoint,
  median,
} from '@tiepoint/geometry';
import {
  createPyramid,
  type Engine,
  matchGrid,
  type StructureFeatureName,
  structureFeatures,
} from '@tiepoint/matching';
import type { TrainingPair } from '../data/training-pairs.js';
import { toPlane } from '../data/training-image.js';
import type { StoredAlignment } from './stored-alignments.js';

/** Matches whose residual is beyond this disagree, px. */
const inlierThreshold = 2;
/** From this many agreeing matches on, a surface of third order is smooth against them; of second order from half of it. */
const enoughForCubic = 120;
/** The least share of windows whose matches must agree, and the least number. Of windows of other ground up to a third agree by chance. */
const leastShare = 0.4;
const leastMatches = 12;

function medianLength(points: Correspondences, transform: Transform, keep: Uint8Array): number {
  const lengths: number[] = [];
  for (let i = 0; i < keep.length; i++) {
    if (keep[i] === 0) continue;
    const [x, y] = transformPoint(transform, points.source[2 * i]!, points.source[2 * i + 1]!);
    lengths.push(Math.hypot(x - points.target[2 * i]!, y - points.target[2 * i + 1]!));
  }
  return median(lengths);
}

/**
 * Estimates the smooth displacement that is left between the images of a pair, by grid matching and a robust fit of an
 * affine map or polynomial surface.
 *
 * A network trained on pairs that are a pixel off learns that pixel as uncertainty, so this comes before training.
 *
 * @returns with `confirmed: false` where too few matches agree: the pair shows too little, or not the same place
 */
export async function alignPair(
  engine: Engine,
  pair: TrainingPair,
  seed: number,
  model: 'affine' | 'surface' = 'surface',
  features: StructureFeatureName = 'mind',
): Promise<StoredAlignment> {
  const start = pair.referenceToSensed;
  if (!isMatrixTransform(start)) throw new TypeError('a pair is aligned from a matrix');
  const matches = await matchGrid(
    engine,
    createPyramid(toPlane(pair.reference)),
    createPyramid(toPlane(pair.sensed)),
    start satisfies MatrixTransform,
    structureFeatures[features],
    {
      step: 1,
      window: 64,
      radius: 8,
      cells: Math.round(Math.min(24, Math.max(10, pair.reference.width / 40))),
      bothWays: true,
    },
  );
  // What is estimated maps the reference to the sensed image, other than in a registration.
  const points: Correspondences = {
    source: matches.target,
    target: matches.source,
    covariance: matches.covariance,
  };
  const nothing = {
    id: pair.id,
    confirmed: false,
    inliers: 0,
    tried: matches.tried,
    before: Number.NaN,
    after: Number.NaN,
  };
  if (matches.count < leastMatches) return nothing;
  const estimate = (model: 'affine' | 'polynomial2' | 'polynomial3') =>
    estimateTransform(points, { model, threshold: inlierThreshold, seed });
  const plain = estimate('affine');
  if (plain === null || plain.inlierCount < Math.max(leastMatches, leastShare * matches.tried)) {
    return { ...nothing, inliers: plain?.inlierCount ?? 0 };
  }
  const richer =
    plain.inlierCount >= enoughForCubic
      ? 'polynomial3'
      : plain.inlierCount >= enoughForCubic / 2
        ? 'polynomial2'
        : undefined;
  const found = (model === 'surface' && richer && estimate(richer)) || plain;
  return {
    id: pair.id,
    confirmed: true,
    referenceToSensed: found.transform,
    inliers: found.inlierCount,
    tried: matches.tried,
    before: medianLength(points, start, found.inliers),
    after: medianLength(points, found.transform, found.inliers),
  };
}
