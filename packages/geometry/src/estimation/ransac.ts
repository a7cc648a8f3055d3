import type { Correspondences } from '../points/correspondences.js';
import type { ResolvedEstimateOptions } from './estimate-options.js';
import { solveTransform } from './fit.js';
import { marginalWeight } from './marginal-score.js';
import { multiplyMatrices, normaliseMatrix } from '../linear/matrix.js';
import { normalisationOf } from '../points/normalisation.js';
import { isPlausible, isPlausibleJacobian } from './plausible.js';
import { createRandom } from '../random.js';
import { residualMetric, type ResidualMetric, scoreMatrix, squaredRatios } from './residual-metric.js';
import type { MatrixModel } from '../models/matrix-transform.js';
import { isMatrixTransform, modelOf, type Transform } from '../models/transform.js';

/** What the sampling found: on the given coordinates, with each pair's squared residual over the squared threshold. */
export interface MatrixSearch {
  readonly transform: Transform;
  readonly ratios: Float64Array;
  readonly iterations: number;
}

/** The points about their means, so that products of coordinates keep their digits and the centroid is (0, 0). */
function centred(points: Correspondences): Correspondences {
  const n = normalisationOf(points);
  const shifted = { ...points, source: points.source.slice(), target: points.target.slice() };
  for (let i = 0; i < shifted.source.length; i += 2) {
    shifted.source[i]! -= n.sourceX;
    shifted.source[i + 1]! -= n.sourceY;
    shifted.target[i]! -= n.targetX;
    shifted.target[i + 1]! -= n.targetY;
  }
  return shifted;
}

/** Residuals of a matrix, interleaved; NaN behind the horizon. */
function matrixResiduals(m: Float64Array, points: Correspondences): Float64Array {
  const residuals = new Float64Array(points.source.length);
  for (let i = 0; i < residuals.length; i += 2) {
    const x = points.source[i]!;
    const y = points.source[i + 1]!;
    const w = m[6]! * x + m[7]! * y + m[8]!;
    const s = w > 1e-9 ? 1 / w : Number.NaN;
    residuals[i] = points.target[i]! - (m[0]! * x + m[1]! * y + m[2]!) * s;
    residuals[i + 1] = points.target[i + 1]! - (m[3]! * x + m[4]! * y + m[5]!) * s;
  }
  return residuals;
}

/** Reweighted least squares from a matrix, kept while its score rises. */
function optimise(
  m: Float64Array,
  score: number,
  points: Correspondences,
  model: MatrixModel,
  metric: ResidualMetric,
  options: ResolvedEstimateOptions,
): { matrix: Float64Array; score: number } {
  let best = { matrix: m, score };
  for (let round = 0; round < 6; round++) {
    const ratios = squaredRatios(matrixResiduals(best.matrix, points), metric);
    // The first round reaches twice as far, which gets a model from few noisy points out of its own neighbourhood.
    const fit = solveTransform(
      points,
      model,
      ratios.map((r) => marginalWeight(round === 0 ? r / 4 : r)),
    );
    if (fit === null || !isMatrixTransform(fit.transform) || !isPlausible(fit.transform, points, options)) break;
    const matrix = Float64Array.from(fit.transform.matrix);
    const next = scoreMatrix(matrix, points, metric, best.score);
    if (next <= best.score * (1 + 1e-9)) {
      if (round === 0) continue;
      break;
    }
    best = { matrix, score: next };
  }
  return best;
}

/** Samples a matrix model. Null where no sample gave a plausible one with more support than its own sample. */
export function searchMatrix(
  original: Correspondences,
  model: MatrixModel,
  threshold: number,
  options: ResolvedEstimateOptions,
): MatrixSearch | null {
  const points = centred(original);
  const count = points.source.length / 2;
  const { minimalCount: size, solveMinimal } = modelOf(model);
  if (count < size || solveMinimal === undefined) return null;
  const metric = residualMetric(points, threshold);
  const random = createRandom(options.seed);
  const sample = new Int32Array(size);
  const p = new Float64Array(2 * size);
  const q = new Float64Array(2 * size);
  const trial = new Float64Array(9);
  let best: { matrix: Float64Array; score: number } | null = null;
  let sampleLimit = options.maxIterations;
  let iterations = 0;
  while (iterations < sampleLimit) {
    iterations++;
    for (let k = 0; k < size; k++) {
      let index = random.integer(count);
      while (sample.subarray(0, k).includes(index)) index = random.integer(count);
      sample[k] = index;
      p[2 * k] = points.source[2 * index]!;
      p[2 * k + 1] = points.source[2 * index + 1]!;
      q[2 * k] = points.target[2 * index]!;
      q[2 * k + 1] = points.target[2 * index + 1]!;
    }
    if (!solveMinimal(p, q, trial)) continue;
    // On centred coordinates the Jacobian at the centroid is the upper left block minus the perspective part.
    const a = trial[0]! - trial[2]! * trial[6]!;
    const b = trial[1]! - trial[2]! * trial[7]!;
    const c = trial[3]! - trial[5]! * trial[6]!;
    const d = trial[4]! - trial[5]! * trial[7]!;
    if (!isPlausibleJacobian(a, b, c, d, options)) continue;
    const score = scoreMatrix(trial, points, metric, best?.score ?? 0);
    if (!(score > (best?.score ?? 0))) continue;
    best = optimise(trial.slice(), score, points, model, metric, options);
    const inside = squaredRatios(matrixResiduals(best.matrix, points), metric).filter((ratio) => ratio < 1).length;
    const ratio = inside / count;
    const miss = 1 - ratio ** size;
    // Three times what theory asks for: it takes a sample of inliers for a good one, noise makes some of them poor.
    const enough = miss <= 0 ? 1 : (3 * Math.log(1 - options.confidence)) / Math.log(miss);
    sampleLimit = Math.min(options.maxIterations, Math.max(100, Math.ceil(enough)));
  }
  if (best === null) return null;
  const n = normalisationOf(original);
  const m = best.matrix;
  const matrix = normaliseMatrix(
    multiplyMatrices(
      [1, 0, n.targetX, 0, 1, n.targetY, 0, 0, 1],
      multiplyMatrices(
        [m[0]!, m[1]!, m[2]!, m[3]!, m[4]!, m[5]!, m[6]!, m[7]!, m[8]!],
        [1, 0, -n.sourceX, 0, 1, -n.sourceY, 0, 0, 1],
      ),
    ),
  );
  const ratios = squaredRatios(matrixResiduals(best.matrix, points), metric);
  return { transform: { model, matrix }, ratios, iterations };
}
