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
export function bsplinePoint(t: BsplineTransform, x: number, y: number): [number, number] {
  const spans = spansAt(t, x, y);
  return [
    weigh(t.valuesX, t.columns, spans, 'weights', 'weights'),
    weigh(t.valuesY, t.columns, spans, 'weights', 'weights'),
  ];
}

/** The partial derivatives `[∂X/∂x, ∂X/∂y, ∂Y/∂x, ∂Y/∂y]` of a displacement grid. */
export function bsplineJacobian(t: BsplineTransform, x: number, y: number): [number, number, number, number] {
  const spans = spansAt(t, x, y);
  const [width, height] = t.spacing;
  return [
    weigh(t.valuesX, t.columns, spans, 'slopes', 'weights') / width,
    weigh(t.valuesX, t.columns, spans, 'weights', 'slopes') / height,
    weigh(t.valuesY, t.columns, spans, 'slopes', 'weights') / width,
    weigh(t.valuesY, t.columns, spans, 'weights', 'slopes') / height,
  ];
}
