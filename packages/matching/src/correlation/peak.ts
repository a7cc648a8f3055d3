/** The highest point of a score map, to a fraction of a pixel. */
export interface Peak {
  /** Displacement from the map's centre, px of the map. */
  readonly dx: number;
  readonly dy: number;
  /** Score at the highest sample. */
  readonly score: number;
  /** Score less that of the highest sample at least `exclusion` px away: 0 means there is another place as good. */
  readonly distinctness: number;
  /** Second derivatives of the fitted paraboloid, negated: [xx, xy, yy], score per px². */
  readonly curvature: readonly [number, number, number];
}

/**
 * Finds the peak of a square score map and fits a paraboloid to the 3×3 samples around it by least squares.
 *
 * @param scores - maps of `side` × `side` samples one after another; map `index` is read
 * @returns null where the highest sample lies on the border: the true peak may be outside
 */
export function findPeak(scores: Float32Array, index: number, side: number, exclusion = 5): Peak | null {
  const base = index * side * side;
  let best = -Infinity;
  let at = 0;
  for (let i = 0; i < side * side; i++) {
    const s = scores[base + i]!;
    if (s > best) {
      best = s;
      at = i;
    }
  }
  const px = at % side;
  const py = (at - px) / side;
  if (px === 0 || py === 0 || px === side - 1 || py === side - 1) return null;
  let second = -Infinity;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (Math.abs(x - px) <= exclusion && Math.abs(y - py) <= exclusion) continue;
      second = Math.max(second, scores[base + y * side + x]!);
    }
  }
  const s = (x: number, y: number): number => scores[base + (py + y) * side + px + x]!;
  let gx = 0;
  let gy = 0;
  let xx = 0;
  let yy = 0;
  for (let k = -1; k <= 1; k++) {
    gx += (s(1, k) - s(-1, k)) / 6;
    gy += (s(k, 1) - s(k, -1)) / 6;
    xx -= (s(1, k) + s(-1, k) - 2 * s(0, k)) / 3;
    yy -= (s(k, 1) + s(k, -1) - 2 * s(k, 0)) / 3;
  }
  const xy = -(s(1, 1) + s(-1, -1) - s(1, -1) - s(-1, 1)) / 4;
  const det = xx * yy - xy * xy;
  let fx = 0;
  let fy = 0;
  if (xx > 0 && yy > 0 && det > 1e-12) {
    fx = Math.max(-0.75, Math.min(0.75, (yy * gx - xy * gy) / det));
    fy = Math.max(-0.75, Math.min(0.75, (xx * gy - xy * gx) / det));
  }
  const centre = (side - 1) / 2;
  return {
    dx: px + fx - centre,
    dy: py + fy - centre,
    score: best,
    distinctness: second === -Infinity ? best : best - second,
    curvature: [xx, xy, yy],
  };
}
