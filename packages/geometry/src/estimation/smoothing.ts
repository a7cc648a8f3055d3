import { type CholeskyFactor, factorCholesky, logDeterminant, solveCholesky } from '../linear/cholesky.js';
import type { AxisPenalty } from '../models/model.js';
import type { NormalEquations } from './normal-equations.js';

/** The Cholesky factor of the equations' matrix with `factor` times the penalty on each axis, or null where it is singular. */
export function factorPenalised(
  { matrix, size, copies }: NormalEquations,
  penalty: AxisPenalty,
  factor: number,
): CholeskyFactor | null {
  const sum = Float64Array.from(matrix);
  const perAxis = copies === 2 ? size : size / 2;
  for (let offset = 0; offset < size; offset += perAxis) {
    for (let a = 0; a < perAxis; a++) {
      for (let b = 0; b < perAxis; b++) {
        sum[(offset + a) * size + offset + b]! += factor * penalty.matrix[a * perAxis + b]!;
      }
    }
  }
  return factorCholesky(sum, size);
}

/** Solves for the right side of both axes, also where they share one factor. */
export function solveEquations(factor: CholeskyFactor, right: Float64Array): Float64Array {
  const out = new Float64Array(right.length);
  for (let at = 0; at < right.length; at += factor.size) {
    solveCholesky(factor, right.subarray(at, at + factor.size), out.subarray(at, at + factor.size));
  }
  return out;
}

/** The trace of A·B for symmetric matrices of equal size. */
export function traceOfProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Halves of a power of ten that are tried for the factor over its natural unit: from smooth to close. */
const steps = { most: 9, least: -19 };

/**
 * Chooses the factor of a penalty by restricted maximum likelihood with the noise's scale profiled out (Wahba 1985, "GML"):
 * on few points it follows the data closer than cross-validation, and it needs no inverse.
 * Null where the equations are singular for every factor.
 *
 * @param equations - summed at parameters 0, so that their residuals are the targets
 * @param near - a factor that was chosen for nearly the same points: the search goes from there downhill
 */
export function chooseSmoothing(equations: NormalEquations, penalty: AxisPenalty, near?: number): number | null {
  const { right, count, copies, size } = equations;
  const perAxis = right.length / 2;
  const rank = 2 * penalty.rank;
  let data = 0;
  let bending = 0;
  for (let i = 0; i < size; i++) {
    const bend = penalty.matrix[(i % perAxis) * (perAxis + 1)]!;
    if (bend <= 0) continue;
    data += equations.matrix[i * size + i]!;
    bending += bend;
  }
  const unit = bending > 0 ? data / bending : 1;
  const factorAt = (step: number): number => unit * 10 ** (step / 2);
  const freedom = 2 * count - (right.length - rank);
  const known = new Map<number, number>();
  const devianceAt = (step: number): number => {
    const before = known.get(step);
    if (before !== undefined) return before;
    const factor = factorAt(step);
    const cholesky = factorPenalised(equations, penalty, factor);
    let deviance = Number.POSITIVE_INFINITY;
    if (cholesky !== null) {
      // At the minimum, squared residuals + factor · bending = yᵀWy − θᵀBᵀWy.
      const explained = solveEquations(cholesky, right).reduce((sum, value, i) => sum + value * right[i]!, 0);
      const left = Math.max(equations.sumSquares - explained, 1e-12 * equations.sumSquares);
      deviance = freedom * Math.log(left) + copies * logDeterminant(cholesky) - rank * Math.log(factor);
    }
    known.set(step, deviance);
    return deviance;
  };
  let best: number | null = null;
  if (near !== undefined) {
    best = downhill(devianceAt, Math.round(2 * Math.log10(near / unit)));
  } else {
    for (let step = steps.most - 1; step >= steps.least + 1; step -= 2) {
      if (devianceAt(step) < (best === null ? Number.POSITIVE_INFINITY : devianceAt(best))) best = step;
    }
    if (best !== null) best = [best + 1, best, best - 1].reduce((a, b) => (devianceAt(b) < devianceAt(a) ? b : a));
  }
  return best === null ? null : factorAt(best);
}

/** The step from which none of the next is lower; null where no deviance is finite there. */
function downhill(devianceAt: (step: number) => number, start: number): number | null {
  let best = Math.min(steps.most, Math.max(steps.least, start));
  for (const direction of [1, -1]) {
    for (;;) {
      const next = best + direction;
      if (next > steps.most || next < steps.least || !(devianceAt(next) < devianceAt(best))) break;
      best = next;
    }
  }
  return devianceAt(best) < Number.POSITIVE_INFINITY ? best : null;
}
