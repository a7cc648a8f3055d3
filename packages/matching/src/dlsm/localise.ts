/** Predictions for one patch at shifts on a square grid, row by row; see `Comparisons`. */
export interface ShiftField {
  /** Shifts along each side, odd. */
  readonly side: number;
  /** Distance of neighbouring shifts, px. */
  readonly step: number;
  /** `[side, side]`: the predicted place of the match relative to the shifted patch, px. */
  readonly dx: ArrayLike<number>;
  readonly dy: ArrayLike<number>;
  readonly sigmaX: ArrayLike<number>;
  readonly sigmaY: ArrayLike<number>;
  readonly rho: ArrayLike<number>;
  readonly logArea: ArrayLike<number>;
}

/** A match found in a field. */
export interface Localisation {
  /** Displacement from the field's centre, px right and down. */
  readonly x: number;
  readonly y: number;
  /** Of the shift whose prediction was followed: [xx, xy, yy], px², without temperature. */
  readonly covariance: readonly [number, number, number];
  readonly logArea: number;
}

/** Offset of column or row `i` from the field's centre, px. */
function offsetOf({ side, step }: ShiftField, i: number): number {
  return (i - (side - 1) / 2) * step;
}

function at(field: ShiftField, i: number, x: number, y: number): Localisation {
  const [sx, sy, rho] = [field.sigmaX[i]!, field.sigmaY[i]!, field.rho[i]!];
  return { x, y, covariance: [sx * sx, rho * sx * sy, sy * sy], logArea: field.logArea[i]! };
}

function indexOfLeast(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! < values[best]!) best = i;
  return best;
}

/**
 * First strategy (Uss 2020, §3.5): the shift of least SM_det and what is predicted there. The second is the first again around its
 * result.
 */
function localiseByMinimum(field: ShiftField): Localisation {
  const i = indexOfLeast(field.logArea);
  const column = i % field.side;
  const row = (i - column) / field.side;
  return at(field, i, offsetOf(field, column) + field.dx[i]!, offsetOf(field, row) + field.dy[i]!);
}

/** Predictions averaged over the 3 × 3 shifts around each; at the edge over those there are. */
function boxAverage(values: ArrayLike<number>, side: number): Float64Array {
  const out = new Float64Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let sum = 0;
      let count = 0;
      for (let v = Math.max(0, y - 1); v <= Math.min(side - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(side - 1, x + 1); u++) {
          sum += values[v * side + u]!;
          count++;
        }
      }
      out[y * side + x] = sum / count;
    }
  }
  return out;
}

/** The constant C of the third strategy, px². */
const consensusShare = 0.5;

/**
 * Third strategy: the shift to which its neighbours' predictions, averaged, point too: least SM_det · √(Δx² + Δy² + C), moved by
 * that average.
 *
 * The box filter averages translations; neighbours one step aside see the match a step to the other side, which cancels in the mean.
 */
function localiseByConsensus(field: ShiftField): Localisation {
  const { side, logArea } = field;
  const dx = boxAverage(field.dx, side);
  const dy = boxAverage(field.dy, side);
  const cost = dx.map((x, i) => logArea[i]! + 0.5 * Math.log(x * x + dy[i]! * dy[i]! + consensusShare));
  const i = indexOfLeast(cost);
  const column = i % side;
  const row = (i - column) / side;
  return at(field, i, offsetOf(field, column) + dx[i]!, offsetOf(field, row) + dy[i]!);
}

/** What is predicted of one shift: an answer and its covariance. */
export interface ShiftPrediction {
  /** The shift, px from where the patch is looked for. */
  readonly shift: readonly [x: number, y: number];
  readonly dx: number;
  readonly dy: number;
  readonly sigmaX: number;
  readonly sigmaY: number;
  readonly rho: number;
  readonly logArea: number;
}

/** Predictions at many shifts, entry i of each array of one of them. */
type Predictions = Readonly<Record<Exclude<keyof ShiftPrediction, 'shift'>, ArrayLike<number>>>;

/** Entry `i` of predictions, as what is said of a shift. */
export function predictionAt(all: Predictions, i: number, shift: readonly [x: number, y: number]): ShiftPrediction {
  return {
    shift,
    dx: all.dx[i]!,
    dy: all.dy[i]!,
    sigmaX: all.sigmaX[i]!,
    sigmaY: all.sigmaY[i]!,
    rho: all.rho[i]!,
    logArea: all.logArea[i]!,
  };
}

/** Mean shift ends when a step is shorter than this, px, or after so many. */
const meanShift = { until: 1e-3, steps: 50 };

/**
 * The place that predictions make likeliest together (8), each a normal density about its own answer. Found by mean shift: each step
 * is the average of the answers, weighted by density and inverse covariance.
 */
function likeliestFrom(
  predictions: readonly ShiftPrediction[],
  start: readonly [number, number],
): readonly [number, number] {
  let [x, y] = start;
  for (let step = 0; step < meanShift.steps; step++) {
    let [axx, axy, ayy, bx, by] = [0, 0, 0, 0, 0];
    for (const { shift, dx, dy, sigmaX, sigmaY, rho, logArea } of predictions) {
      const [px, py] = [shift[0] + dx, shift[1] + dy];
      const q = 1 / (1 - rho * rho);
      const [ixx, ixy, iyy] = [q / (sigmaX * sigmaX), (-q * rho) / (sigmaX * sigmaY), q / (sigmaY * sigmaY)];
      const [ex, ey] = [px - x, py - y];
      const mahalanobis = ixx * ex * ex + 2 * ixy * ex * ey + iyy * ey * ey;
      const weight = Math.exp(-0.5 * mahalanobis - logArea);
      axx += weight * ixx;
      axy += weight * ixy;
      ayy += weight * iyy;
      bx += weight * (ixx * px + ixy * py);
      by += weight * (ixy * px + iyy * py);
    }
    const det = axx * ayy - axy * axy;
    // Far from every answer all weights vanish; the start is then as good as it gets.
    if (!(det > 1e-12)) return start;
    const [nx, ny] = [(ayy * bx - axy * by) / det, (axx * by - axy * bx) / det];
    const moved = Math.hypot(nx - x, ny - y);
    [x, y] = [nx, ny];
    if (moved < meanShift.until) break;
  }
  return [x, y];
}

/** A match at a place, with the covariance that is predicted of the shift nearest to it. */
function matchAt(predictions: readonly ShiftPrediction[], x: number, y: number): Localisation {
  const distance = ({ shift }: ShiftPrediction): number => Math.hypot(shift[0] - x, shift[1] - y);
  const { sigmaX, sigmaY, rho, logArea } = predictions.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  return { x, y, covariance: [sigmaX * sigmaX, rho * sigmaX * sigmaY, sigmaY * sigmaY], logArea };
}

/**
 * The place that predictions at any shifts make likeliest together, sought from the answer of the surest.
 *
 * @param predictions - one at least
 */
export function likeliestPlace(predictions: readonly ShiftPrediction[]): Localisation {
  const { shift, dx, dy } = predictions.reduce((a, b) => (b.logArea < a.logArea ? b : a));
  return matchAt(predictions, ...likeliestFrom(predictions, [shift[0] + dx, shift[1] + dy]));
}

/** Reach of the fourth strategy, shifts to either side. */
const reachPx = 2;

/** Fourth strategy (8): the place that the 5 × 5 shifts around the third's result make likeliest together. */
function localiseByLikelihood(field: ShiftField): Localisation {
  const { side, step } = field;
  const start = localiseByConsensus(field);
  const nearest = (v: number): number => Math.max(0, Math.min(side - 1, Math.round(v / step + (side - 1) / 2)));
  const around = (v: number): number[] => {
    const [from, to] = [Math.max(0, nearest(v) - reachPx), Math.min(side - 1, nearest(v) + reachPx)];
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  };
  const predictions = around(start.y).flatMap((row) =>
    around(start.x).map((column) =>
      predictionAt(field, row * side + column, [offsetOf(field, column), offsetOf(field, row)]),
    ),
  );
  return matchAt(predictions, ...likeliestFrom(predictions, [start.x, start.y]));
}

/** The strategies of (Uss 2020, §3.5) that read a field; the second is `minimum` twice. */
export const localisations = {
  minimum: localiseByMinimum,
  consensus: localiseByConsensus,
  likelihood: localiseByLikelihood,
} as const;
