import type { Correspondences } from '../points/correspondences.js';
import type { Normalisation } from '../points/normalisation.js';
import { axisBasis } from './axis-basis.js';
import { combineAxes, originBefore, stretchOf } from './bent-model.js';
import type { MatrixTransform } from './matrix-transform.js';
import type { Jacobian } from './jacobian.js';
import type { Model, ModelBasis } from './model.js';
import { areNumbers, isCount, isPoint, isPositive, isRecord } from './parameters.js';

/**
 * A regularised displacement grid: a lattice of control values between which cubic B-splines run (free-form deformation,
 * Rueckert et al. 1999). Smooth to the second derivative inside its cells; beyond them it goes on straight.
 */
export interface BsplineTransform {
  readonly model: 'bspline';
  /** Where the first cell begins, px of the source. */
  readonly origin: readonly [number, number];
  /** Width and height of a cell, px of the source. */
  readonly spacing: readonly [number, number];
  /** Control values along x and y: three more than cells. */
  readonly columns: number;
  readonly rows: number;
  /** X of each control value, px of the target, row by row. */
  readonly valuesX: readonly number[];
  readonly valuesY: readonly number[];
}

/** The four cubic B-splines that reach a place on one axis, and which control value the first belongs to. */
export interface BsplineSpan {
  readonly first: number;
  readonly weights: readonly [number, number, number, number];
  /** Derivatives of the weights by the place, per cell. */
  readonly slopes: readonly [number, number, number, number];
}

/** The splines at `place`, in cells from the origin; outside of the `cells` they go on straight. */
export function bsplineSpan(place: number, cells: number): BsplineSpan {
  const inside = Math.min(cells, Math.max(0, place));
  const first = Math.min(cells - 1, Math.floor(inside));
  const t = inside - first;
  const s = 1 - t;
  const slopes = [(-s * s) / 2, (3 * t * t - 4 * t) / 2, (-3 * t * t + 2 * t + 1) / 2, (t * t) / 2] as const;
  const beyond = place - inside;
  const weights = [
    (s * s * s) / 6 + beyond * slopes[0],
    (3 * t * t * t - 6 * t * t + 4) / 6 + beyond * slopes[1],
    (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6 + beyond * slopes[2],
    (t * t * t) / 6 + beyond * slopes[3],
  ] as const;
  return { first, weights, slopes };
}

function spansAt(t: BsplineTransform, x: number, y: number): [BsplineSpan, BsplineSpan] {
  return [
    bsplineSpan((x - t.origin[0]) / t.spacing[0], t.columns - 3),
    bsplineSpan((y - t.origin[1]) / t.spacing[1], t.rows - 3),
  ];
}

function weigh(
  values: readonly number[],
  columns: number,
  [across, down]: readonly [BsplineSpan, BsplineSpan],
  alongX: 'weights' | 'slopes',
  alongY: 'weights' | 'slopes',
): number {
  let sum = 0;
  for (let j = 0; j < 4; j++) {
    const at = (down.first + j) * columns + across.first;
    const w = across[alongX];
    const row = w[0] * values[at]! + w[1] * values[at + 1]! + w[2] * values[at + 2]! + w[3] * values[at + 3]!;
    sum += down[alongY][j]! * row;
  }
  return sum;
}

/** Maps one point by a displacement grid. */
function bsplinePoint(t: BsplineTransform, x: number, y: number): [number, number] {
  const spans = spansAt(t, x, y);
  return [
    weigh(t.valuesX, t.columns, spans, 'weights', 'weights'),
    weigh(t.valuesY, t.columns, spans, 'weights', 'weights'),
  ];
}

/** The partial derivatives `[∂X/∂x, ∂X/∂y, ∂Y/∂x, ∂Y/∂y]` of a displacement grid. */
function bsplineJacobian(t: BsplineTransform, x: number, y: number): Jacobian {
  const spans = spansAt(t, x, y);
  const [width, height] = t.spacing;
  return [
    weigh(t.valuesX, t.columns, spans, 'slopes', 'weights') / width,
    weigh(t.valuesX, t.columns, spans, 'weights', 'slopes') / height,
    weigh(t.valuesY, t.columns, spans, 'slopes', 'weights') / width,
    weigh(t.valuesY, t.columns, spans, 'weights', 'slopes') / height,
  ];
}

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
function bsplineBasis(
  points: Correspondences,
  n: Normalisation,
  weights?: Float64Array,
): ModelBasis<BsplineTransform> | null {
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
  return axisBasis(
    {
      count: perAxis,
      write(u, v, out) {
        out.fill(0, 0, perAxis);
        const x = bsplineSpan((u - low[0]) / cell, across);
        const y = bsplineSpan((v - low[1]) / cell, down);
        for (let j = 0; j < 4; j++) {
          for (let i = 0; i < 4; i++) out[(y.first + j) * columns + x.first + i] = x.weights[i]! * y.weights[j]!;
        }
      },
    },
    (p) => ({
      model: 'bspline',
      origin: [n.sourceX + n.scale * low[0], n.sourceY + n.scale * low[1]],
      spacing: [n.scale * cell, n.scale * cell],
      columns,
      rows,
      valuesX: Array.from(p.subarray(0, perAxis), (value) => value + n.targetX),
      valuesY: Array.from(p.subarray(perAxis), (value) => value + n.targetY),
    }),
    { matrix: roughness(columns, rows), rank: perAxis - 3 },
  );
}

function adaptBspline(t: BsplineTransform, before: MatrixTransform, after: MatrixTransform): BsplineTransform | null {
  const stretch = stretchOf(before);
  if (stretch === null) return null;
  const [valuesX, valuesY] = combineAxes(after, t.valuesX, t.valuesY);
  const [, , c, , , f] = after.matrix;
  return {
    ...t,
    origin: originBefore(before, stretch, t.origin),
    spacing: [t.spacing[0] / stretch[0], t.spacing[1] / stretch[1]],
    // The splines sum to one everywhere.
    valuesX: valuesX.map((v) => v + c),
    valuesY: valuesY.map((v) => v + f),
  };
}

function parseBspline(parameters: unknown): BsplineTransform | null {
  if (!isRecord(parameters)) return null;
  const { origin, spacing, columns, rows, valuesX, valuesY } = parameters;
  if (!isPoint(origin) || !isPoint(spacing) || !spacing.every(isPositive)) return null;
  if (!isCount(columns, 4) || !isCount(rows, 4)) return null;
  if (!areNumbers(valuesX, columns * rows) || !areNumbers(valuesY, columns * rows)) return null;
  return { model: 'bspline', origin, spacing, columns, rows, valuesX, valuesY };
}

/** Follows local distortion that a polynomial does not. */
export const bsplineModel: Model<BsplineTransform> = {
  name: 'bspline',
  minimalCount: 4,
  point: bsplinePoint,
  jacobian: bsplineJacobian,
  basis: bsplineBasis,
  estimation: { coarse: 'affine', widen: 4, via: 'polynomial2', rounds: 4 },
  adapt: adaptBspline,
  parameters: 'origin, spacing, columns, rows, and a value a node and axis',
  parse: parseBspline,
};
