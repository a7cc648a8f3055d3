/** Points in order of preference, of which some are kept. */
interface RankedPoints {
  /** x, y, x, y, …, best first. */
  readonly xy: Float64Array;
  readonly width: number;
  readonly height: number;
}

/** Indices of the points, best first, that are at least `radius` px from every better one kept. */
export function suppressWithin({ xy, width, height }: RankedPoints, radius: number): number[] {
  // A cell holds at most four points that are a radius apart, and only the cells around can hold closer ones.
  const side = Math.max(1, radius);
  const columns = Math.max(1, Math.ceil(width / side));
  const rows = Math.max(1, Math.ceil(height / side));
  const cells = new Int32Array(columns * rows * 4).fill(-1);
  const kept: number[] = [];
  points: for (let i = 0; i < xy.length / 2; i++) {
    const [x, y] = [xy[2 * i]!, xy[2 * i + 1]!];
    const column = Math.min(columns - 1, Math.max(0, Math.floor(x / side)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor(y / side)));
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
        const at = 4 * (r * columns + c);
        for (let slot = at; slot < at + 4 && cells[slot]! >= 0; slot++) {
          const other = cells[slot]!;
          if ((xy[2 * other]! - x) ** 2 + (xy[2 * other + 1]! - y) ** 2 < radius * radius) continue points;
        }
      }
    }
    const at = 4 * (row * columns + column);
    const free = cells.subarray(at, at + 4).indexOf(-1);
    if (free >= 0) cells[at + free] = i;
    kept.push(i);
  }
  return kept;
}

/** How much larger than asked for the choice is from which well-spread points are taken. */
const surplus = 3;

/**
 * Chooses `count` points, spread as far as their strength allows: of the best `3 · count`, those left by the largest radius of
 * suppression that leaves that many (Bailo 2018). Fewer where there are fewer points.
 *
 * @param least - radius within which a better point always suppresses, px
 * @returns indices of the points chosen, best first
 */
export function chooseSpread(points: RankedPoints, count: number, least: number): number[] {
  const base = suppressWithin(points, least);
  if (base.length <= count) return base;
  const best = base.slice(0, surplus * count);
  const xy = new Float64Array(2 * best.length);
  for (const [i, from] of best.entries()) xy.set(points.xy.subarray(2 * from, 2 * from + 2), 2 * i);
  const candidates = { ...points, xy };
  let kept = best.map((_, i) => i);
  let low = least;
  let high = Math.max(least, 2 * Math.sqrt((points.width * points.height) / count));
  while (high - low > 0.25) {
    const middle = (low + high) / 2;
    const left = suppressWithin(candidates, middle);
    if (left.length >= count) [low, kept] = [middle, left];
    else high = middle;
  }
  return kept.slice(0, count).map((i) => best[i]!);
}
