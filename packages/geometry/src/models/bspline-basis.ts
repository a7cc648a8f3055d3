import { bsplineSpan } from './bspline.js';
import type { Correspondences } from './points/correspondences.js';
import type { ModelBasis } from './model-basis.js';
import type { Normalisation } from './normalisation.js';

/** Cells along the longer side at most: more add cost (the sixth power) and no detail that tie points support. */
const maxCells = 8;
/** Points a cell: with fewer it would say little. */
const pointsPerCell = 6;

/** Least share of the points' spread across their main direction: those nearer to one line say nothing across it. */
const leastSpread = 1e-9;

/** The box around the points of positive weight, in normalised coordinates; null where they lie on one line. */
function boxOf(
  points: Correspondences,
  n: Normalisation,
  weights: Float64Array | undefined,
): { readonly count: number; readonly low: [number, number]; readonly high: [number, number] } | null {
  const low: [number, number] = [Infinity, Infinity];
  const high: [number, number] = [-Infinity, -Infinity];
  let [xx, xy, yy] = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < points.source.length / 2; i++) {
    if (weights !== undefined && !(weights[i]! > 0)) continue;
    count++;
    const place = [
      (points.source[2 * i]! - n.sourceX) / n.scale,
      (points.source[2 * i + 1]! - n.sourceY) / n.scale,
    ] as const;
    // The normalisation has put their mean at 0.
    xx += place[0] ** 2;
    xy += place[0] * place[1];
    yy += place[1] ** 2;
    for (const axis of [0, 1] as const) {
      low[axis] = Math.min(low[axis], place[axis]);
      high[axis] = Math.max(high[axis], place[axis]);
    }
  }
  return xx * yy - xy * xy > leastSpread * (xx + yy) ** 2 ? { count, low, high } : null;
}

/** Squared second differences along x, along y, and twice across both, of the lattice's values: zero for what is affine. */
function roughness(columns: number, rows: number): Float64Array {
  const size = columns * rows;
  const penalty = new Float64Array(size * size);
  const add = (factor: number, terms: readonly (readonly [number, number])[]): void => {
    for (const [a, wa] of terms) for (const [b, wb] of terms) penalty[a * size + b]! += factor * wa * wb;
  };
  const at = (column: number, row: number): number => row * columns + column;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const here = at(column, row);
      if (column + 2 < columns) {
        add(1, [
          [here, 1],
          [here + 1, -2],
          [here + 2, 1],
        ]);
      }
      if (row + 2 < rows) {
        add(1, [
          [here, 1],
          [at(column, row + 1), -2],
          [at(column, row + 2), 1],
        ]);
      }
      if (column + 1 < columns && row + 1 < rows) {
        add(2, [
          [here, 1],
          [here + 1, -1],
          [at(column, row + 1), -1],
          [at(column + 1, row + 1), 1],
        ]);
      }
    }
  }
  return penalty;
}

/**
 * The displacement grid as a linear model with a quadratic penalty: per axis a value at each control point of a lattice over the
 * points, penalised by its second differences (P-splines, Eilers and Marx 1996). Null where the points lie on one line.
 */
export function bsplineBasis(points: Correspondences, n: Normalisation, weights?: Float64Array): ModelBasis | null {
  const box = boxOf(points, n, weights);
  if (box === null) return null;
  const { count, low, high } = box;
  const [width, height] = [high[0] - low[0], high[1] - low[1]];
  const longer = Math.max(width, height);
  const wanted = Math.sqrt((count / pointsPerCell) * (longer / Math.max(Math.min(width, height), longer / maxCells)));
  const cell = longer / Math.max(1, Math.min(maxCells, Math.floor(wanted)));
  const across = Math.max(1, Math.ceil(width / cell - 1e-9));
  const down = Math.max(1, Math.ceil(height / cell - 1e-9));
  const [columns, rows] = [across + 3, down + 3];
  const perAxis = columns * rows;
  const single = roughness(columns, rows);
  const penalty = new Float64Array(4 * perAxis * perAxis);
  for (let i = 0; i < perAxis; i++) {
    const row = single.subarray(i * perAxis, (i + 1) * perAxis);
    penalty.set(row, i * 2 * perAxis);
    penalty.set(row, (perAxis + i) * 2 * perAxis + perAxis);
  }
  return {
    parameterCount: 2 * perAxis,
    linear: true,
    penalty: { matrix: penalty, rank: 2 * (perAxis - 3) },
    predict(p, u, v, out, rowX, rowY) {
      rowX.fill(0);
      rowY.fill(0);
      const x = bsplineSpan((u - low[0]) / cell, across);
      const y = bsplineSpan((v - low[1]) / cell, down);
      let X = 0;
      let Y = 0;
      for (let j = 0; j < 4; j++) {
        for (let i = 0; i < 4; i++) {
          const k = (y.first + j) * columns + x.first + i;
          const weight = x.weights[i]! * y.weights[j]!;
          rowX[k] = rowY[perAxis + k] = weight;
          X += weight * p[k]!;
          Y += weight * p[perAxis + k]!;
        }
      }
      out[0] = X;
      out[1] = Y;
    },
    toTransform: (p) => ({
      model: 'bspline',
      origin: [n.sourceX + n.scale * low[0], n.sourceY + n.scale * low[1]],
      spacing: [n.scale * cell, n.scale * cell],
      columns,
      rows,
      valuesX: Array.from(p.subarray(0, perAxis), (value) => value + n.targetX),
      valuesY: Array.from(p.subarray(perAxis), (value) => value + n.targetY),
    }),
  };
}
