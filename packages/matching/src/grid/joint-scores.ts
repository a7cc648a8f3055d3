import { type MatrixTransform, transformPoint } from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import { allocateMaps } from '../features/describe.js';
import type { StructureFeatures } from '../features/structure-features.js';
import type { Pyramid } from '../image/pyramid.js';
import { batchSize, type GridPass, referenceSide, scoreModel, windowCentres } from './grid-match.js';
import { openWindows } from './window-source.js';

/** How well many windows fit together when all are shifted alike. */
export interface JointScores {
  /**
   * Mean normalised correlation of the windows that both images show there, row by row; shift (−radius, −radius) first, px of the
   * window. NaN where fewer than half of them, or than four, are shown.
   */
  readonly scores: Float64Array;
  /** 2 · radius + 1. */
  readonly side: number;
  /** Middles of the windows, interleaved, px of the reference. */
  readonly centres: Float64Array;
  /** The correlation of each window by itself, as `scores`, one after another. */
  readonly maps: Float32Array;
  /** Where in `maps` both images show the window: 1, else 0. */
  readonly shown: Uint8Array;
}

/**
 * Correlates the windows of a pass as `matchGrid` does, and averages their maps instead of taking each one's peak: the score
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
  const from = allocateMaps(batchSize, features.channels, referenceSide(pass));
  const to = allocateMaps(batchSize, features.channels, size);
  const ground = { image: reference, map: null, step, width, height };
  const moved = { ...ground, image: sensed, map: referenceToSensed };
  const fromReference = await openWindows(engine, features, ground, count, from.width);
  const fromSensed = await openWindows(engine, features, moved, count, size);
  const scores = new Float64Array(side * side);
  const counts = new Uint16Array(side * side);
  const shown = new Uint8Array(count * scores.length);
  const maps = new Float32Array(count * scores.length);
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
    maps.set(forward!.subarray(0, some * scores.length), first * scores.length);
    for (let i = 0; i < some; i++) {
      const isShown = shownShifts(points.subarray(2 * i, 2 * i + 2), referenceToSensed, [width, height], sensed, pass);
      shown.set(isShown, (first + i) * scores.length);
      for (let k = 0; k < scores.length; k++) {
        if (isShown[k] === 0) continue;
        scores[k]! += forward![i * scores.length + k]!;
        counts[k]!++;
      }
    }
  }
  const fewest = Math.max(4, count / 2);
  const means = scores.map((sum, k) => (counts[k]! < fewest ? Number.NaN : sum / counts[k]!));
  return { scores: means, side, centres, maps, shown };
}

/** At which shifts, row by row, the middle of a window lies within both images with half of its side around it. */
function shownShifts(
  centre: Float64Array,
  referenceToSensed: MatrixTransform,
  [width, height]: readonly [number, number],
  sensed: Pyramid,
  { window, radius, step }: Pick<GridPass, 'window' | 'radius' | 'step'>,
): Uint8Array {
  const side = 2 * radius + 1;
  const plane = sensed.levels[0]!;
  const margin = (window * step) / 4;
  const shown = new Uint8Array(side * side);
  for (let k = 0; k < shown.length; k++) {
    const x = centre[0]! + ((k % side) - radius) * step;
    const y = centre[1]! + (Math.floor(k / side) - radius) * step;
    if (x < margin || y < margin || x > width - margin || y > height - margin) continue;
    const [u, v] = transformPoint(referenceToSensed, x, y);
    if (u > 0 && v > 0 && u < plane.width && v < plane.height) shown[k] = 1;
  }
  return shown;
}
