import type { MatrixTransform } from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import { allocateMaps } from '../features/describe.js';
import type { StructureFeatures } from '../features/structure-features.js';
import type { Pyramid } from '../image/pyramid.js';
import { batchSize, type GridPass, scoreModel, windowCentres } from './grid-match.js';
import { openWindows } from './window-source.js';

/** How well many windows fit together when all are shifted alike. */
export interface JointScores {
  /** Mean normalised correlation of the windows, row by row; shift (−radius, −radius) first, px of the window. */
  readonly scores: Float64Array;
  /** 2 · radius + 1. */
  readonly side: number;
  /** Windows that the mean is of. */
  readonly count: number;
}

/**
 * Correlates the windows of a pass as {@link matchGrid} does, and averages their maps instead of taking each one's peak: the score
 * of the geometry as a whole at every shift.
 *
 * @param referenceToSensed - the geometry at shift 0
 */
export async function matchJointly(
  engine: Engine,
  reference: Pyramid,
  sensed: Pyramid,
  referenceToSensed: MatrixTransform,
  features: StructureFeatures,
  pass: Omit<GridPass, 'bothWays'>,
  signal?: AbortSignal,
): Promise<JointScores> {
  const { step, window, radius } = pass;
  const size = window + 2 * radius;
  const side = 2 * radius + 1;
  const { width, height } = reference.levels[0]!;
  const centres = windowCentres(reference, sensed, referenceToSensed, pass);
  const count = centres.length / 2;
  const from = allocateMaps(batchSize, features.channels, size);
  const to = allocateMaps(batchSize, features.channels, size);
  const ground = { image: reference, map: null, step, width, height };
  const moved = { ...ground, image: sensed, map: referenceToSensed };
  const fromReference = await openWindows(engine, features, ground, count, size);
  const fromSensed = await openWindows(engine, features, moved, count, size);
  const scores = new Float64Array(side * side);
  for (let first = 0; first < count; first += batchSize) {
    signal?.throwIfAborted();
    const some = Math.min(batchSize, count - first);
    const points = centres.subarray(2 * first, 2 * (first + some));
    await Promise.all([fromReference(points, from), fromSensed(points, to)]);
    const key = `grid ${features.channels} ${window} ${radius} false`;
    const { forward } = await engine.run(key, () => scoreModel(features.channels, pass), {
      reference: from.features,
      referenceSupport: from.support,
      sensed: to.features,
    });
    for (let i = 0; i < some * scores.length; i++) scores[i % scores.length]! += forward![i]! / count;
  }
  return { scores, side, count };
}
