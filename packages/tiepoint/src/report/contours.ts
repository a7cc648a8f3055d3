/** A line of equal value: unconnected pieces, each [x1, y1, x2, y2] in cells of the lattice. */
export interface Contour {
  readonly level: number;
  readonly pieces: readonly (readonly [number, number, number, number])[];
}

/** At most about `count` round values strictly between `low` and `high`: multiples of 1, 2 or 5 times a power of ten. */
export function roundLevels(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((lead) => lead * power >= rough) ?? 10);
  const levels: number[] = [];
  for (let k = Math.floor(low / step) + 1; k * step < high; k++) levels.push(Number((k * step).toPrecision(6)));
  return levels;
}

/**
 * Lines of equal value through a lattice: each cell is cut into two triangles, in which the value is linear, so that no case is
 * ambiguous. Cells with a value that is not finite are left out.
 *
 * @param values - `columns * rows`, row by row
 */
export function traceContour(values: Float64Array, columns: number, rows: number, level: number): Contour {
  const pieces: (readonly [number, number, number, number])[] = [];
  const triangle = (corners: readonly (readonly [number, number])[]): void => {
    const heights = corners.map(([x, y]) => values[y * columns + x]! - level);
    if (!heights.every(Number.isFinite)) return;
    const cuts: number[] = [];
    for (let i = 0; i < 3; i++) {
      const [a, b] = [heights[i]!, heights[(i + 1) % 3]!];
      if (a < 0 === b < 0) continue;
      const t = a / (a - b);
      const [from, to] = [corners[i]!, corners[(i + 1) % 3]!];
      cuts.push(from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1]));
    }
    if (cuts.length === 4) pieces.push([cuts[0]!, cuts[1]!, cuts[2]!, cuts[3]!]);
  };
  for (let y = 0; y < rows - 1; y++) {
    for (let x = 0; x < columns - 1; x++) {
      triangle([
        [x, y],
        [x + 1, y],
        [x, y + 1],
      ]);
      triangle([
        [x + 1, y],
        [x + 1, y + 1],
        [x, y + 1],
      ]);
    }
  }
  return { level, pieces };
}
