import { mean } from '@tiepoint/geometry';
import type { HeldOut } from './held-out.js';

/** What residuals of neighbours share, px of the reference. */
export interface ResidualPattern {
  /** Deviation per axis; 0 where there is no pattern. */
  readonly deviation: number;
  /** Middle of the block of tie points, of nine, that is off most, and its mean residual. */
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

/**
 * Distances of the tie points that are compared, sides of their windows: a pattern that a model should have followed reaches as far.
 * Over more than a quarter of the ground a bend changes its sign.
 */
const apart = { from: 0.3, to: 1.5, ofGround: 0.25 };

/** Tie points from which on there is a pattern to be seen: of few ones the blocks that are held out lie outside of the rest. */
const fewest = 40;

/** The longer side of the box around places, px. */
function extentOf(places: Float64Array): number {
  const [x, y] = [0, 1].map((axis) => places.filter((_, i) => i % 2 === axis));
  return Math.max(...[x!, y!].map((values) => Math.max(...values) - Math.min(...values)));
}

/**
 * Deviation per axis that residuals share over such distances. Windows that overlap see the same ground and err alike, by the share
 * of it: what products of residuals have beyond that is fitted as a constant beside it.
 */
function sharedDeviation(places: Float64Array, residuals: Float64Array, window: number): number {
  const farthest = Math.min(apart.to * window, apart.ofGround * extentOf(places));
  const nearest = Math.min(apart.from * window, farthest / 2);
  let [pairs, overlaps, squares, products, weighed] = [0, 0, 0, 0, 0];
  for (let i = 0; i < residuals.length; i += 2) {
    for (let j = 0; j < i; j += 2) {
      const [dx, dy] = [Math.abs(places[i]! - places[j]!), Math.abs(places[i + 1]! - places[j + 1]!)];
      const distance = Math.hypot(dx, dy);
      if (distance < nearest || distance > farthest) continue;
      const overlap = Math.max(0, 1 - dx / window) * Math.max(0, 1 - dy / window);
      const product = (residuals[i]! * residuals[j]! + residuals[i + 1]! * residuals[j + 1]!) / 2;
      pairs++;
      overlaps += overlap;
      squares += overlap ** 2;
      products += product;
      weighed += overlap * product;
    }
  }
  const determinant = pairs * squares - overlaps ** 2;
  if (residuals.length < 2 * fewest || pairs === 0) return 0;
  const shared = determinant > 0 ? (products * squares - weighed * overlaps) / determinant : products / pairs;
  return Math.sqrt(Math.max(0, shared));
}

/**
 * What held-out residuals of neighbours share, and scatter does not explain: what a stiff model leaves, two motions, or a bend.
 *
 * @param window - side of the windows they come from, px of the reference
 * @returns null where nothing was held out
 */
export function residualPattern({ places, residuals, blocks }: HeldOut, window: number): ResidualPattern | null {
  if (residuals.length === 0) return null;
  const column = (values: Float64Array, axis: 0 | 1, block: number): Float64Array =>
    values.filter((_, i) => i % 2 === axis && blocks[i >> 1] === block);
  const means = Array.from(new Set(blocks), (block) => ({
    x: mean(column(places, 0, block)),
    y: mean(column(places, 1, block)),
    dx: mean(column(residuals, 0, block)),
    dy: mean(column(residuals, 1, block)),
  }));
  const most = means.reduce((a, b) => (Math.hypot(b.dx, b.dy) > Math.hypot(a.dx, a.dy) ? b : a));
  return { deviation: sharedDeviation(places, residuals, window), ...most };
}
