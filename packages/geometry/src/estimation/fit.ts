import { type CholeskyFactor, factorCholesky, invertCholesky, solveCholesky } from '../linear/cholesky.js';
import type { Correspondences } from '../points/correspondences.js';
import type { AxisPenalty, ModelBasis } from '../models/model.js';
import { type AxisDesign, axisDesign, axisResiduals, sumAxisEquations } from './axis-design.js';
import { type NormalEquations, sumNormalEquations } from './normal-equations.js';
import { type Normalisation, normalisationOf } from '../points/normalisation.js';
import { chooseSmoothing, factorPenalised, solveEquations, traceOfProduct } from './smoothing.js';
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

/** A factor of the penalty: a number that is given, or one near which it is to be chosen. */
export type Smoothing = number | { readonly near: number };

interface Solution {
  readonly parameters: Float64Array;
  readonly equations: NormalEquations;
  readonly factor: CholeskyFactor;
  readonly smoothing: number;
}

/** A transform fitted by least squares, without how well it is known, which costs more than all the rest. */
export interface SolvedTransform extends Pick<
  Fit,
  'model' | 'transform' | 'parameters' | 'residuals' | 'smoothing' | 'basis' | 'normalisation'
> {
  readonly equations: NormalEquations;
  readonly factor: CholeskyFactor;
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

/** Least squares of a model whose axes have the same terms, penalised where it is a spline. */
function solveAxes(
  design: AxisDesign,
  equations: NormalEquations,
  penalty: AxisPenalty | undefined,
  smoothing: Smoothing | undefined,
): Solution | null {
  if (penalty === undefined) {
    const factor = factorCholesky(equations.matrix, equations.size);
    if (factor === null) return null;
    const parameters = solveEquations(factor, equations.right);
    // A second step against rounding.
    const step = solveEquations(factor, axisResiduals(design, parameters).right);
    for (let i = 0; i < parameters.length; i++) parameters[i]! += step[i]!;
    return parameters.every(Number.isFinite) ? { parameters, equations, factor, smoothing: 0 } : null;
  }
  const amount = typeof smoothing === 'number' ? smoothing : chooseSmoothing(equations, penalty, smoothing?.near);
  const factor = amount === null ? null : factorPenalised(equations, penalty, amount);
  if (amount === null || factor === null) return null;
  const parameters = solveEquations(factor, equations.right);
  return parameters.every(Number.isFinite) ? { parameters, equations, factor, smoothing: amount } : null;
}

/** As many points of positive weight as the model needs, and a basis for them; else null. */
function basisFor(
  points: Correspondences,
  model: TransformModel,
  weights: Float64Array | undefined,
): { readonly basis: ModelBasis<Transform>; readonly n: Normalisation } | null {
  let usable = 0;
  for (let i = 0; i < points.source.length / 2; i++) if (weights === undefined || weights[i]! > 0) usable++;
  if (usable < minimalCount(model)) return null;
  const n = normalisationOf(points, weights);
  const basis = modelOf(model).basis(points, n, weights);
  return basis && { basis, n };
}

/**
 * The least squares of `fitTransform`, without covariance: for the inner rounds of robust estimation.
 *
 * @param withNoise - whether `noise` of the equations is wanted
 */
export function solveTransform(
  points: Correspondences,
  model: TransformModel,
  weights?: Float64Array,
  smoothing?: Smoothing,
  withNoise = false,
): SolvedTransform | null {
  const found = basisFor(points, model, weights);
  if (found === null) return null;
  const { basis, n } = found;
  let solution: Solution | null;
  if (basis.axis !== undefined) {
    const design = axisDesign(points, basis.axis, n, weights);
    const equations = sumAxisEquations(design, withNoise && basis.penalty === undefined && weights !== undefined);
    solution = solveAxes(design, equations, basis.penalty, smoothing);
    if (solution !== null) {
      const { sumSquares } = axisResiduals(design, solution.parameters);
      solution = { ...solution, equations: { ...equations, sumSquares } };
    }
  } else {
    const { start: makeStart } = modelOf(model);
    const start = makeStart === undefined ? new Float64Array(basis.parameterCount) : makeStart(points, n, weights);
    solution = start === null ? null : iterate(points, basis, n, start, weights);
  }
  if (solution === null) return null;
  const transform = basis.toTransform(solution.parameters);
  return { model, transform, residuals: residualsOf(transform, points), basis, normalisation: n, ...solution };
}

/** A matrix of one axis for both. */
function forBothAxes(matrix: Float64Array, size: number): Float64Array {
  const both = new Float64Array(4 * size * size);
  for (let a = 0; a < size; a++) {
    const row = matrix.subarray(a * size, (a + 1) * size);
    both.set(row, a * 2 * size);
    both.set(row, (size + a) * 2 * size + size);
  }
  return both;
}

/**
 * Fits a transform from source to target by weighted least squares; null where the points do not determine it
 * (too few, collinear, coincident, not finite, or a projective horizon among them).
 *
 * Each pair counts with the inverse of its covariance, where given. `weights` (0 … 1, default 1) say how far each pair is
 * trusted beside that: they do not change the noise it is assumed to have. With covariances, `parameterCovariance` follows from
 * them; without, from the residuals. For splines it is the posterior covariance under the smoothness prior (Wahba 1990).
 *
 * @param smoothing the factor of the penalty of splines; chosen by restricted maximum likelihood where absent, from one that is
 *   about right downhill where that is named.
 * @throws TiepointError `invalid-covariance` where one is not positive definite.
 */
export function fitTransform(
  points: Correspondences,
  model: TransformModel,
  weights?: Float64Array,
  smoothing?: Smoothing,
): Fit | null {
  const solved = solveTransform(points, model, weights, smoothing, true);
  if (solved === null) return null;
  const { equations, factor, basis, transform, parameters, residuals, normalisation } = solved;
  const { size, copies } = equations;
  const inverse = invertCholesky(factor);
  const effective =
    basis.penalty === undefined ? basis.parameterCount : copies * traceOfProduct(equations.matrix, inverse);
  const degreesOfFreedom = 2 * equations.count - effective;
  // Weights that are all the same cancel here: Σw r² / Σw is their mean square whatever they are.
  const varianceFactor =
    degreesOfFreedom > 1e-9
      ? (equations.sumSquares / equations.sumWeights) * (equations.count / degreesOfFreedom)
      : Number.NaN;
  const covariance =
    basis.penalty === undefined && weights !== undefined ? sandwich(inverse, equations.noise, size) : inverse;
  if (points.covariance === undefined) {
    for (let i = 0; i < covariance.length; i++) covariance[i]! *= varianceFactor;
  }
  return {
    model,
    transform,
    parameters,
    parameterCovariance: copies === 2 ? forBothAxes(covariance, size) : covariance,
    residuals,
    varianceFactor,
    effectiveParameters: effective,
    degreesOfFreedom,
    smoothing: solved.smoothing,
    basis,
    normalisation,
  };
}
