import type { Correspondences } from './points/correspondences.js';
import { constraintNullSpace } from './null-space.js';
import type { ModelBasis } from './model-basis.js';
import type { Normalisation } from './normalisation.js';
import { radial } from './thin-plate-spline.js';

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
 * The thin-plate spline as a linear model with a quadratic penalty (Wahba 1990): per axis an affine part of 3 parameters and
 * k − 3 radial ones, in the null space of the side conditions Σ w = Σ w u = Σ w v = 0, penalised by the bending energy.
 * Null where the knots are collinear.
 */
export function tpsBasis(points: Correspondences, n: Normalisation, weights?: Float64Array): ModelBasis | null {
  const knots = chooseKnots(points, n, weights);
  const k = knots.length / 2;
  if (k < 4) return null;
  const side = new Float64Array(3 * k);
  for (let i = 0; i < k; i++) {
    side[3 * i] = 1;
    side[3 * i + 1] = knots[2 * i]!;
    side[3 * i + 2] = knots[2 * i + 1]!;
  }
  const free = k - 3;
  /** k × free, orthonormal columns. */
  const space = constraintNullSpace(side, k, 3);
  if (space === null) return null;
  const perAxis = 3 + free;
  const penalty = new Float64Array(4 * perAxis * perAxis);
  const bent = new Float64Array(k);
  for (let j = 0; j < free; j++) {
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let m = 0; m < k; m++) {
        const du = knots[2 * i]! - knots[2 * m]!;
        const dv = knots[2 * i + 1]! - knots[2 * m + 1]!;
        sum += radial(du * du + dv * dv) * space[m * free + j]!;
      }
      bent[i] = sum;
    }
    for (let i = 0; i < free; i++) {
      let sum = 0;
      for (let m = 0; m < k; m++) sum += space[m * free + i]! * bent[m]!;
      penalty[(3 + i) * 2 * perAxis + 3 + j] = sum;
      penalty[(perAxis + 3 + i) * 2 * perAxis + perAxis + 3 + j] = sum;
    }
  }
  const radials = new Float64Array(k);
  return {
    parameterCount: 2 * perAxis,
    linear: true,
    penalty: { matrix: penalty, rank: 2 * free },
    predict(p, u, v, out, rowX, rowY) {
      rowX.fill(0);
      rowY.fill(0);
      rowX[0] = rowY[perAxis] = 1;
      rowX[1] = rowY[perAxis + 1] = u;
      rowX[2] = rowY[perAxis + 2] = v;
      for (let i = 0; i < k; i++) radials[i] = radial((u - knots[2 * i]!) ** 2 + (v - knots[2 * i + 1]!) ** 2);
      for (let j = 0; j < free; j++) {
        let sum = 0;
        for (let i = 0; i < k; i++) sum += radials[i]! * space[i * free + j]!;
        rowX[3 + j] = rowY[perAxis + 3 + j] = sum;
      }
      let X = 0;
      let Y = 0;
      for (let j = 0; j < perAxis; j++) {
        X += p[j]! * rowX[j]!;
        Y += p[perAxis + j]! * rowX[j]!;
      }
      out[0] = X;
      out[1] = Y;
    },
    toTransform(p) {
      const weightsOf = (offset: number): number[] =>
        Array.from({ length: k }, (_, i) => {
          let sum = 0;
          for (let j = 0; j < free; j++) sum += space[i * free + j]! * p[offset + 3 + j]!;
          return sum;
        });
      return {
        model: 'tps',
        origin: [n.sourceX, n.sourceY],
        scale: n.scale,
        knots: Array.from(knots),
        weightsX: weightsOf(0),
        weightsY: weightsOf(perAxis),
        affineX: [p[0]! + n.targetX, p[1]!, p[2]!],
        affineY: [p[perAxis]! + n.targetY, p[perAxis + 1]!, p[perAxis + 2]!],
      };
    },
  };
}
