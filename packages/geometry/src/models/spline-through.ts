import { radial, type TpsTransform } from './thin-plate-spline.js';

/** More points cost their cube and bend no better. */
const mostPoints = 500;

/**
 * The thin-plate spline that passes through every point: for points that are exact, as a geolocation grid's. Points that may err
 * belong into `fitTransform`, which smooths.
 *
 * @param source - interleaved; @param target - where they lie
 * @returns null where the points lie on a line, twice at one place, or are fewer than 4; of more than 500 an even share is taken
 */
export function splineThrough(source: Float64Array, target: Float64Array): TpsTransform | null {
  const all = Math.min(source.length, target.length) >> 1;
  const step = Math.max(1, all / mostPoints);
  const chosen = Array.from({ length: Math.floor(all / step) }, (_, i) => Math.floor(i * step));
  const count = chosen.length;
  if (count < 4) return null;
  const mean = (of: Float64Array, k: number): number => chosen.reduce((sum, i) => sum + of[2 * i + k]!, 0) / count;
  const origin = [mean(source, 0), mean(source, 1)] as const;
  const scale = Math.sqrt(
    chosen.reduce((sum, i) => sum + (source[2 * i]! - origin[0]) ** 2 + (source[2 * i + 1]! - origin[1]) ** 2, 0) /
      count,
  );
  if (!(scale > 0)) return null;
  const knots = chosen.flatMap((i) => [(source[2 * i]! - origin[0]) / scale, (source[2 * i + 1]! - origin[1]) / scale]);
  const size = count + 3;
  const centre = [mean(target, 0), mean(target, 1)] as const;
  // One row a knot and three side conditions; the last two columns are the right-hand sides.
  const rows = Array.from({ length: size }, () => new Float64Array(size + 2));
  for (const [row, i] of chosen.entries()) {
    const [u, v] = [knots[2 * row]!, knots[2 * row + 1]!];
    for (let k = 0; k < count; k++) rows[row]![k] = radial((u - knots[2 * k]!) ** 2 + (v - knots[2 * k + 1]!) ** 2);
    for (const [k, value] of [1, u, v].entries()) {
      rows[row]![count + k] = value;
      rows[count + k]![row] = value;
    }
    rows[row]![size] = target[2 * i]! - centre[0];
    rows[row]![size + 1] = target[2 * i + 1]! - centre[1];
  }
  const solution = solve(rows, size);
  if (solution === null) return null;
  const [x, y] = solution;
  return {
    model: 'tps',
    origin,
    scale,
    knots,
    weightsX: x.slice(0, count),
    weightsY: y.slice(0, count),
    affineX: [x[count]! + centre[0], x[count + 1]!, x[count + 2]!],
    affineY: [y[count]! + centre[1], y[count + 1]!, y[count + 2]!],
  };
}

/** Gauss's elimination with pivots, for two right-hand sides; null of a singular matrix. */
function solve(rows: Float64Array[], size: number): readonly [number[], number[]] | null {
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const top = rows[column]!;
    if (!(Math.abs(top[column]!) > 1e-11)) return null;
    for (let row = column + 1; row < size; row++) {
      const factor = rows[row]![column]! / top[column]!;
      if (factor === 0) continue;
      const own = rows[row]!;
      for (let k = column; k < size + 2; k++) own[k] = own[k]! - factor * top[k]!;
    }
  }
  const solutions = [size, size + 1].map((side) => {
    const out = Array.from<number>({ length: size });
    for (let row = size - 1; row >= 0; row--) {
      let value = rows[row]![side]!;
      for (let k = row + 1; k < size; k++) value -= rows[row]![k]! * out[k]!;
      out[row] = value / rows[row]![row]!;
    }
    return out;
  });
  return [solutions[0]!, solutions[1]!];
}
