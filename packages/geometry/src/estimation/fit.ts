import { type CholeskyFactor, factorCholesky, invertCholesky, solveCholesky } from '../linear/cholesky.js';
import type { Correspondences } from '../points/correspondences.js';
import type { ModelBasis } from '../models/model.js';
import { type NormalEquations, sumNormalEquations } from './normal-equations.js';
import { type Normalisation, normalisationOf } from '../points/normalisation.js';
import { chooseSmoothing, factorPenalised, traceOfProduct } from './smoothing.js';
import { applyTransform, minimalCount, modelOf, type Transform, type TransformModel } from '../models/transform.js';

/** A transform fitted by least squares, with what is needed to say how well it is known. */
export interface Fit {
  readonly model: TransformModel;
  /** From source to target coordinates. */
  readonly transform: Transform;
  /** The parameters on the normalised coordinates of the fit. */
  readonly parameters: Float64Array;
  /** The covariance of `parameters`, row-major. NaN where no covariances were given and no redundancy is left to estimate the noise. */
  readonly parameterCovariance: Float64Array;
  /** Interleaved target − predicted, px of the target, of every point, also of those of weight 0. */
  readonly residuals: Float64Array;
  /** The variance of unit weight: mean squared residual over its expectation (with covariances), or px² (without). NaN without redundancy. */
  readonly varianceFactor: number;
  /** Parameters that the points determine: all of them, for splines the trace of their influence. */
  readonly effectiveParameters: number;
  /** Observations (two a point of positive weight) minus effective parameters. */
  readonly degreesOfFreedom: number;
  /** The factor of the penalty, given or chosen; 0 for every model but `tps` and `bspline`. */
  readonly smoothing: number;
  readonly basis: ModelBasis<Transform>;
  readonly normalisation: Normalisation;
}

/** Target − predicted for every point, interleaved. */
export function residualsOf(transform: Transform, points: Correspondences): Float64Array {
  const residuals = applyTransform(transform, points.source);
  for (let i = 0; i < residuals.length; i++) residuals[i] = points.target[i]! - residuals[i]!;
  return residuals;
}

/** H⁻¹ N H⁻¹: the covariance of an estimate whose weights say trust and not precision, or whose errors go together. */
export function sandwich(inverse: Float64Array, noise: Float64Array, size: number): Float64Array {
  const half = new Float64Array(size * size);
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += inverse[i * size + k]! * noise[k * size + j]!;
      half[i * size + j] = sum;
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += half[i * size + k]! * inverse[k * size + j]!;
      out[i * size + j] = sum;
    }
  }
  return out;
}

interface Solution {
  readonly parameters: Float64Array;
  readonly equations: NormalEquations;
  readonly factor: CholeskyFactor;
  readonly smoothing: number;
}

/** Gauss-Newton from `parameters`; a linear model needs one step and takes a second against rounding. */
function iterate(
  points: Correspondences,
  basis: ModelBasis,
  n: Normalisation,
  parameters: Float64Array,
  weights: Float64Array | undefined,
): Solution | null {
  const size = basis.parameterCount;
  let equations = sumNormalEquations(points, basis, n, parameters, weights);
  for (let iteration = 0; iteration < (basis.linear ? 2 : 30); iteration++) {
    const factor = factorCholesky(equations.matrix, size);
    if (factor === null) return null;
    const step = solveCholesky(factor, equations.right);
    let damping = 1;
    let next: NormalEquations | null = null;
    const before = Float64Array.from(parameters);
    // A nonlinear step is halved until it does not make things worse.
    while (damping > 1e-3) {
      for (let i = 0; i < size; i++) parameters[i] = before[i]! + damping * step[i]!;
      next = sumNormalEquations(points, basis, n, parameters, weights);
      if (basis.linear || next.sumSquares <= equations.sumSquares * (1 + 1e-12) + 1e-300) break;
      damping /= 2;
      next = null;
    }
    if (next === null) {
      parameters.set(before);
      break;
    }
    const gain = equations.sumSquares - next.sumSquares;
    equations = next;
    if (!basis.linear && gain <= 1e-14 * equations.sumSquares) break;
  }
  const factor = factorCholesky(equations.matrix, size);
  return factor === null || !parameters.every(Number.isFinite) ? null : { parameters, equations, factor, smoothing: 0 };
}

/** The penalised least squares of the splines. */
function solvePenalised(
  points: Correspondences,
  basis: ModelBasis,
  n: Normalisation,
  penalty: NonNullable<ModelBasis['penalty']>,
  weights: Float64Array | undefined,
  smoothing: number | undefined,
): Solution | null {
  const parameters = new Float64Array(basis.parameterCount);
  const equations = sumNormalEquations(points, basis, n, parameters, weights);
  const amount = smoothing ?? chooseSmoothing(equations, penalty);
  if (amount === null) return null;
  const factor = factorPenalised(equations.matrix, penalty.matrix, amount, basis.parameterCount);
  if (factor === null) return null;
  solveCholesky(factor, equations.right, parameters);
  if (!parameters.every(Number.isFinite)) return null;
  return {
    parameters,
    equations: sumNormalEquations(points, basis, n, parameters, weights),
    factor,
    smoothing: amount,
  };
}

/**
 * Fits a transform from source to target by weighted least squares; null where the points do not determine it
 * (too few, collinear, coincident, not finite, or a projective horizon among them).
 *
 * Each pair counts with the inverse of its covariance, where given. `weights` (0 … 1, default 1) say how far each pair is
 * trusted beside that: they do not change the noise it is assumed to have. With covariances, `parameterCovariance` follows from
 * them; without, from the residuals. For splines it is the posterior covariance under the smoothness prior (Wahba 1990).
 *
 * @param smoothing the factor of the penalty of splines; chosen by restricted maximum likelihood where absent.
 * @throws TiepointError `invalid-covariance` where one is not positive definite.
 */
export function fitTransform(
  points: Correspondences,
  model: TransformModel,
  weights?: Float64Array,
  smoothing?: number,
): Fit | null {
  let usable = 0;
  for (let i = 0; i < points.source.length / 2; i++) if (weights === undefined || weights[i]! > 0) usable++;
  if (usable < minimalCount(model)) return null;
  const n = normalisationOf(points, weights);
  const { basis: makeBasis, start: makeStart } = modelOf(model);
  const basis = makeBasis(points, n, weights);
  if (basis === null) return null;
  const size = basis.parameterCount;
  let solution: Solution | null;
  if (basis.penalty !== undefined) {
    solution = solvePenalised(points, basis, n, basis.penalty, weights, smoothing);
  } else {
    const start = makeStart === undefined ? new Float64Array(size) : makeStart(points, n, weights);
    solution = start === null ? null : iterate(points, basis, n, start, weights);
  }
  if (solution === null) return null;
  const { parameters, equations, factor } = solution;
  const inverse = invertCholesky(factor);
  const effective = basis.penalty === undefined ? size : traceOfProduct(equations.matrix, inverse);
  const degreesOfFreedom = 2 * equations.count - effective;
  // Weights that are all the same cancel here: Σw r² / Σw is their mean square whatever they are.
  const varianceFactor =
    degreesOfFreedom > 1e-9
      ? (equations.sumSquares / equations.sumWeights) * (equations.count / degreesOfFreedom)
      : Number.NaN;
  const parameterCovariance =
    basis.penalty === undefined && weights !== undefined ? sandwich(inverse, equations.noise, size) : inverse;
  if (points.covariance === undefined) {
    for (let i = 0; i < parameterCovariance.length; i++) parameterCovariance[i]! *= varianceFactor;
  }
  const transform = basis.toTransform(parameters);
  return {
    model,
    transform,
    parameters,
    parameterCovariance,
    residuals: residualsOf(transform, points),
    varianceFactor,
    effectiveParameters: effective,
    degreesOfFreedom,
    smoothing: solution.smoothing,
    basis,
    normalisation: n,
  };
}

/** The covariance `[xx, xy, yy]`, px² of the target, of where the fitted transform maps the source point (x, y). */
export function predictCovariance(fit: Fit, x: number, y: number): [number, number, number] {
  const { basis, parameterCovariance: c, normalisation: n, parameters } = fit;
  const size = basis.parameterCount;
  const rowX = new Float64Array(size);
  const rowY = new Float64Array(size);
  const out = new Float64Array(2);
  basis.predict(parameters, (x - n.sourceX) / n.scale, (y - n.sourceY) / n.scale, out, rowX, rowY);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < size; i++) {
    let cx = 0;
    let cy = 0;
    for (let j = 0; j < size; j++) {
      cx += c[i * size + j]! * rowX[j]!;
      cy += c[i * size + j]! * rowY[j]!;
    }
    xx += rowX[i]! * cx;
    xy += rowX[i]! * cy;
    yy += rowY[i]! * cy;
  }
  return [xx, xy, yy];
}
