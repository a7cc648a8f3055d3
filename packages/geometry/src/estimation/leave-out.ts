import { factorCholesky } from '../linear/cholesky.js';
import { minimalCount, modelOf, type TransformModel } from '../models/transform.js';
import type { Correspondences } from '../points/correspondences.js';
import { normalisationOf } from '../points/normalisation.js';
import { axisDesign, sumAxisEquations } from './axis-design.js';
import { residualsOf, solveTransform } from './fit.js';
import type { NormalEquations } from './normal-equations.js';
import { chooseSmoothing, factorPenalised, solveEquations } from './smoothing.js';

/** What is left out at a time, and how the rest is fitted. */
export interface LeaveOutOptions {
  /** The group of each point, from 0: one group is left out at a time. */
  readonly groups: Uint8Array;
  /** As for `fitTransform`. */
  readonly weights?: Float64Array | undefined;
  /** The factor of the penalty of splines; chosen for the rest of each group where absent. */
  readonly smoothing?: number | undefined;
}

/** The equations of all points without those of some. */
function without(all: NormalEquations, some: NormalEquations): NormalEquations {
  const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, i) => v - b[i]!);
  const matrix = minus(all.matrix, some.matrix);
  return {
    size: all.size,
    copies: all.copies,
    matrix,
    noise: matrix,
    right: minus(all.right, some.right),
    sumSquares: all.sumSquares - some.sumSquares,
    sumWeights: all.sumWeights - some.sumWeights,
    count: all.count - some.count,
  };
}

/** Residuals of the points of one group by the fit of the others. */
function copyGroup(residuals: Float64Array, groups: Uint8Array, group: number, out: Float64Array): void {
  for (const [i, of] of groups.entries()) {
    if (of === group) out.set(residuals.subarray(2 * i, 2 * i + 2), 2 * i);
  }
}

/** Each fit for itself: of models whose equations depend on the parameters. */
function oneByOne(points: Correspondences, model: TransformModel, options: LeaveOutOptions): Float64Array {
  const { groups, weights } = options;
  const residuals = new Float64Array(points.source.length).fill(Number.NaN);
  for (const group of new Set(groups)) {
    const rest = Float64Array.from(groups, (of, i) => (of === group ? 0 : (weights?.[i] ?? 1)));
    const solved = solveTransform(points, model, rest);
    if (solved !== null) copyGroup(solved.residuals, groups, group, residuals);
  }
  return residuals;
}

/**
 * Target − predicted of every point, interleaved, by the fit that its group took no part in; NaN where the others do not determine
 * one. Models whose axes have the same terms are summed once: the equations without a group are those of all minus its own.
 * Knots of splines stay where all points put them; the penalty says what goes on where a group is missing.
 */
export function leaveOutResiduals(
  points: Correspondences,
  model: TransformModel,
  options: LeaveOutOptions,
): Float64Array {
  const { groups, weights, smoothing } = options;
  const n = normalisationOf(points, weights);
  const basis = modelOf(model).basis(points, n, weights);
  if (basis?.axis === undefined) return oneByOne(points, model, options);
  const design = axisDesign(points, basis.axis, n, weights);
  const all = sumAxisEquations(design, false);
  const { penalty } = basis;
  const near = penalty && (smoothing ?? chooseSmoothing(all, penalty) ?? undefined);
  const residuals = new Float64Array(points.source.length).fill(Number.NaN);
  for (const group of new Set(groups)) {
    const rest = without(
      all,
      sumAxisEquations(design, false, (i) => groups[i] === group),
    );
    if (rest.count < minimalCount(model)) continue;
    const amount = penalty && (smoothing ?? chooseSmoothing(rest, penalty, near));
    if (amount === null) continue;
    const factor =
      penalty === undefined ? factorCholesky(rest.matrix, rest.size) : factorPenalised(rest, penalty, amount!);
    if (factor === null) continue;
    const transform = basis.toTransform(solveEquations(factor, rest.right));
    copyGroup(residualsOf(transform, points), groups, group, residuals);
  }
  return residuals;
}
