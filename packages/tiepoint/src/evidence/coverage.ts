import { median } from '@tiepoint/geometry';
import type { SharedGround } from '../inputs/shared-ground.js';

/** Halves of the ground. */
export type Half = 'left' | 'right' | 'upper' | 'lower';

/** Where the agreement comes from. */
export interface Coverage {
  /** Share of the overlap that shows anything within reach of a tie point that agrees: a window's side, or an eighth of the overlap's where that is more. */
  readonly share: number;
  /** The half whose windows agree least with the transform as against the other: what of either agree. */
  readonly least: { readonly half: Half; readonly agreeing: number; readonly opposite: number };
}

/** Tie points speak for the ground around them as far as this part of the overlap's side. */
const reachOfSide = 1 / 8;

/**
 * Share of the overlap within reach of a tie point that agrees. Ground that shows nothing, as far from all windows that were tried,
 * does not count: there is nothing to be matched.
 *
 * @param agreeing - places of the tie points, interleaved, px of the reference; @param tried - middles of the windows
 */
export function coveredShare(
  agreeing: Float64Array,
  tried: Float64Array,
  ground: SharedGround,
  window: number,
): number {
  const reach = Math.max(window, reachOfSide * Math.sqrt(ground.area));
  const isNear = (places: Float64Array, [x, y]: readonly [number, number]): boolean => {
    for (let i = 0; i < places.length; i += 2) {
      if (Math.hypot(places[i]! - x, places[i + 1]! - y) <= reach) return true;
    }
    return false;
  };
  const shown = ground.points.filter((point) => isNear(tried, point) || isNear(agreeing, point));
  return shown.filter((point) => isNear(agreeing, point)).length / Math.max(shown.length, 1);
}

const halves: readonly (readonly [Half, Half])[] = [
  ['left', 'right'],
  ['upper', 'lower'],
];

/**
 * The half whose windows agree least. All that agree may lie on one side of the ground, and then say nothing of the other.
 *
 * @param tried - middles of all windows that show structure in both images, interleaved; @param agreeing - of those that agree
 */
export function leastAgreeing(tried: Float64Array, agreeing: Float64Array): Coverage['least'] {
  const sides = halves.map(([first, second], axis) => {
    const along = (places: Float64Array): Float64Array => places.filter((_, i) => i % 2 === axis);
    const all = along(tried);
    const middle = median(all);
    const count = (places: Float64Array, below: boolean): number => places.filter((v) => v < middle === below).length;
    const some = along(agreeing);
    const share = (below: boolean): number => count(some, below) / Math.max(count(all, below), 1);
    const [low, high] = [share(true), share(false)];
    return low < high
      ? { half: first, agreeing: low, opposite: high }
      : { half: second, agreeing: high, opposite: low };
  });
  return sides.reduce((a, b) => (b.agreeing * a.opposite < a.agreeing * b.opposite ? b : a));
}
