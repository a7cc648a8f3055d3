import { constraintReflectors, intoNullSpace, outOfNullSpace } from '../linear/null-space.js';
import type { Correspondences } from '../points/correspondences.js';
import type { Normalisation } from '../points/normalisation.js';
import { axisBasis } from './axis-basis.js';
import { combineAxes, moveArgument } from './bent-model.js';
import type { MatrixTransform } from './matrix-transform.js';
import type { Jacobian } from './jacobian.js';
import type { Model, ModelBasis } from './model.js';
import { areNumbers, isPoint, isPositive, isRecord, isTriple } from './parameters.js';

/**
 * A thin-plate spline: an affine map plus radial terms U(r) = r² ln r around knots (Bookstein 1989, "Principal warps").
 * It works on normalised coordinates u = (x − origin₀) / scale, v = (y − origin₁) / scale and gives target pixels.
 */
export interface TpsTransform {
  readonly model: 'tps';
  readonly origin: readonly [number, number];
  readonly scale: number;
  /** Interleaved normalised (u, v) of the k knots. */
  readonly knots: readonly number[];
  /** k radial weights for X. */
  readonly weightsX: readonly number[];
  /** k radial weights for Y. */
  readonly weightsY: readonly number[];
  /** Constant, u and v coefficient for X. */
  readonly affineX: readonly [number, number, number];
  /** Constant, u and v coefficient for Y. */
  readonly affineY: readonly [number, number, number];
}

/** The radial function r² ln r of the squared distance, 0 at 0. */
export function radial(squaredDistance: number): number {
  return squaredDistance > 0 ? 0.5 * squaredDistance * Math.log(squaredDistance) : 0;
}

/** Maps one point by a thin-plate spline. */
function tpsPoint(t: TpsTransform, x: number, y: number): [number, number] {
  const u = (x - t.origin[0]) / t.scale;
  const v = (y - t.origin[1]) / t.scale;
  let X = t.affineX[0] + t.affineX[1] * u + t.affineX[2] * v;
  let Y = t.affineY[0] + t.affineY[1] * u + t.affineY[2] * v;
  const count = t.weightsX.length;
  for (let k = 0; k < count; k++) {
    const du = u - t.knots[2 * k]!;
    const dv = v - t.knots[2 * k + 1]!;
    const value = radial(du * du + dv * dv);
    X += t.weightsX[k]! * value;
    Y += t.weightsY[k]! * value;
  }
  return [X, Y];
}

/** The partial derivatives `[∂X/∂x, ∂X/∂y, ∂Y/∂x, ∂Y/∂y]` of a thin-plate spline. */
function tpsJacobian(t: TpsTransform, x: number, y: number): Jacobian {
  const u = (x - t.origin[0]) / t.scale;
  const v = (y - t.origin[1]) / t.scale;
  let xu = t.affineX[1];
  let xv = t.affineX[2];
  let yu = t.affineY[1];
  let yv = t.affineY[2];
  const count = t.weightsX.length;
  for (let k = 0; k < count; k++) {
    const du = u - t.knots[2 * k]!;
    const dv = v - t.knots[2 * k + 1]!;
    const s = du * du + dv * dv;
    if (s === 0) continue;
    // dU/dr² = (ln r² + 1) / 2, so ∂U/∂u = du · (ln r² + 1).
    const slope = Math.log(s) + 1;
    xu += t.weightsX[k]! * slope * du;
    xv += t.weightsX[k]! * slope * dv;
    yu += t.weightsY[k]! * slope * du;
    yv += t.weightsY[k]! * slope * dv;
  }
  return [xu / t.scale, xv / t.scale, yu / t.scale, yv / t.scale];
}

/** Knots beyond this number add cost (its cube) and no detail that tie points support. */
const maxKnots = 80;

/** Interleaved normalised coordinates of at most `maxKnots` points spread evenly: each next one is farthest from those chosen. */
function chooseKnots(points: Correspondences, n: Normalisation, weights?: Float64Array): Float64Array {
  const candidates: number[] = [];
  for (let i = 0; i < points.source.length / 2; i++) {
    if (weights !== undefined && !(weights[i]! > 0)) continue;
    candidates.push((points.source[2 * i]! - n.sourceX) / n.scale, (points.source[2 * i + 1]! - n.sourceY) / n.scale);
  }
  const count = candidates.length / 2;
  const distance = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const knots: number[] = [];
  let next = 0;
  while (knots.length / 2 < maxKnots && next >= 0) {
    const ku = candidates[2 * next]!;
    const kv = candidates[2 * next + 1]!;
    knots.push(ku, kv);
    next = -1;
    // Knots nearer than a thousandth of the spread would make the system singular.
    let farthest = 1e-6;
    for (let i = 0; i < count; i++) {
      const d = (candidates[2 * i]! - ku) ** 2 + (candidates[2 * i + 1]! - kv) ** 2;
      if (d < distance[i]!) distance[i] = d;
      if (distance[i]! > farthest) {
        farthest = distance[i]!;
        next = i;
      }
    }
  }
  return Float64Array.from(knots);
}

/**
 * The bending energy of the radial weights that fulfil the side conditions, as a quadratic form of the parameters of an axis, row by
 * row: the affine ones bend nothing.
 */
function bendingPenalty(knots: Float64Array, reflectors: readonly Float64Array[]): Float64Array {
  const k = knots.length / 2;
  const energy = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let m = 0; m < i; m++) {
      const du = knots[2 * i]! - knots[2 * m]!;
      const dv = knots[2 * i + 1]! - knots[2 * m + 1]!;
      energy[i * k + m] = energy[m * k + i] = radial(du * du + dv * dv);
    }
  }
  // Qᵀ K Q: the rows, and as K is symmetric the rows of what that gives turned over.
  const turned = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    const row = energy.subarray(i * k, (i + 1) * k);
    intoNullSpace(reflectors, row);
    for (let m = 0; m < k; m++) turned[m * k + i] = row[m]!;
  }
  const penalty = new Float64Array(k * k);
  for (let m = 3; m < k; m++) {
    const row = turned.subarray(m * k, (m + 1) * k);
    intoNullSpace(reflectors, row);
    penalty.set(row.subarray(3), m * k + 3);
  }
  return penalty;
}

/**
 * The thin-plate spline as a linear model with a quadratic penalty (Wahba 1990): per axis an affine part of 3 parameters and
 * k − 3 radial ones, in the null space of the side conditions Σ w = Σ w u = Σ w v = 0, penalised by the bending energy.
 * Null where the knots are collinear.
 */
function tpsBasis(points: Correspondences, n: Normalisation, weights?: Float64Array): ModelBasis<TpsTransform> | null {
  const knots = chooseKnots(points, n, weights);
  const k = knots.length / 2;
  if (k < 4) return null;
  const side = new Float64Array(3 * k);
  for (let i = 0; i < k; i++) {
    side[3 * i] = 1;
    side[3 * i + 1] = knots[2 * i]!;
    side[3 * i + 2] = knots[2 * i + 1]!;
  }
  const reflectors = constraintReflectors(side, k, 3);
  if (reflectors === null) return null;
  const radials = new Float64Array(k);
  const weightsOf = (parameters: Float64Array): number[] => {
    const weights = Float64Array.from(parameters).fill(0, 0, 3);
    outOfNullSpace(reflectors, weights);
    return Array.from(weights);
  };
  return axisBasis(
    {
      count: k,
      write(u, v, out) {
        for (let i = 0; i < k; i++) radials[i] = radial((u - knots[2 * i]!) ** 2 + (v - knots[2 * i + 1]!) ** 2);
        intoNullSpace(reflectors, radials);
        radials[0] = 1;
        radials[1] = u;
        radials[2] = v;
        out.set(radials);
      },
    },
    (p) => ({
      model: 'tps',
      origin: [n.sourceX, n.sourceY],
      scale: n.scale,
      knots: Array.from(knots),
      weightsX: weightsOf(p.subarray(0, k)),
      weightsY: weightsOf(p.subarray(k)),
      affineX: [p[0]! + n.targetX, p[1]!, p[2]!],
      affineY: [p[k]! + n.targetY, p[k + 1]!, p[k + 2]!],
    }),
    { matrix: bendingPenalty(knots, reflectors), rank: k - 3 },
  );
}

function adaptTps(t: TpsTransform, before: MatrixTransform, after: MatrixTransform): TpsTransform | null {
  const moved = moveArgument(t, before);
  if (moved === null) return null;
  const [weightsX, weightsY] = combineAxes(after, t.weightsX, t.weightsY);
  const [[x0, xu, xv], [y0, yu, yv]] = combineAxes(after, t.affineX, t.affineY) as [
    [number, number, number],
    [number, number, number],
  ];
  const [, , c, , , f] = after.matrix;
  return { ...t, ...moved, weightsX, weightsY, affineX: [x0 + c, xu, xv], affineY: [y0 + f, yu, yv] };
}

function parseTps(parameters: unknown): TpsTransform | null {
  if (!isRecord(parameters)) return null;
  const { origin, scale, knots, weightsX, weightsY, affineX, affineY } = parameters;
  if (!isPoint(origin) || !isPositive(scale) || !isTriple(affineX) || !isTriple(affineY)) return null;
  if (!areNumbers(weightsX) || !areNumbers(weightsY, weightsX.length) || !areNumbers(knots, 2 * weightsX.length)) {
    return null;
  }
  return { model: 'tps', origin, scale, knots, weightsX, weightsY, affineX, affineY };
}

/** Bends as little as the points allow. */
export const tpsModel: Model<TpsTransform> = {
  name: 'tps',
  minimalCount: 4,
  point: tpsPoint,
  jacobian: tpsJacobian,
  basis: tpsBasis,
  estimation: { coarse: 'affine', widen: 4, via: 'polynomial2', rounds: 4 },
  adapt: adaptTps,
  parameters: 'origin, scale, knots, and a weight a knot and axis',
  parse: parseTps,
};
