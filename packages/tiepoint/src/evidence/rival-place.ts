import { invertTransform, type MatrixTransform, mean, median, transformPoint } from '@tiepoint/geometry';
import type { JointScores } from '@tiepoint/matching';
import type { RivalPlace } from './evidence.js';
import type { JointMatch } from './joint-match.js';

/** What is known of the geometry beforehand: the middle of the reference lies within `radius` px of where `start` (reference px → sensed px) says. */
export interface ExpectedPlace {
  readonly start: MatrixTransform;
  readonly radius: number;
}

/** Displacement within which the peak of the solution itself is sought, and from which on another place may lie, px of the map. */
const own = { within: 2, beyond: 5 };
/** How deep the joint correlation has to fall between two places, of how far the lower one stands above the rest: a ridge is no other place. */
const valley = 0.5;
/**
 * Standard errors of the mean by which another place stands out. The largest of some thousand places where nothing fits lies near
 * four of them; a few windows' mean is then a large share of a weak solution's.
 */
const outstanding = 5;

/** Standard error that the mean of one window has where nothing fits: the deviation of the windows' scores. */
function deviationOf({ maps, scores }: JointScores): number {
  const all = scores.length;
  let squares = 0;
  for (let first = 0; first < maps.length; first += all) {
    const level = mean(maps.subarray(first, first + all));
    for (let k = 0; k < all; k++) squares += (maps[first + k]! - level) ** 2;
  }
  return Math.sqrt(squares / maps.length);
}

/** Places that are told of a map, at most. */
const mostRivals = 6;

/**
 * The best places but the solution's own on a map of joint scores: peaks that a valley divides from it, and that stand out.
 *
 * @param allowed - whether a shift, px of the map, may be at all
 * @returns in px of the map, their scores as shares of what the same windows have at the solution, best first
 */
export function findRivals(
  joint: JointScores,
  allowed: (dx: number, dy: number) => boolean = () => true,
): readonly RivalPlace[] {
  const { scores, side, maps, shown } = joint;
  const radius = (side - 1) / 2;
  const index = (dx: number, dy: number): number => (dy + radius) * side + dx + radius;
  const at = (dx: number, dy: number): number => scores[index(dx, dy)]!;
  const places = (from: number, to: number): (readonly [number, number])[] =>
    Array.from({ length: (2 * to + 1) ** 2 }, (_, i) => {
      const across = 2 * to + 1;
      return [(i % across) - to, Math.floor(i / across) - to] as const;
    }).filter(([dx, dy]) => Math.max(Math.abs(dx), Math.abs(dy)) >= from);
  const [cx, cy] = places(0, own.within).reduce((a, b) => (at(...b) > at(...a) ? b : a));
  const best = at(cx, cy);
  if (!(best > 0)) return [];
  const level = median(scores.filter((score) => !Number.isNaN(score)));
  const divided = (dx: number, dy: number): boolean => {
    const steps = Math.ceil(Math.hypot(dx - cx, dy - cy));
    let least = Infinity;
    for (let k = 1; k < steps; k++) {
      const t = k / steps;
      const between = at(Math.round(cx + t * (dx - cx)), Math.round(cy + t * (dy - cy)));
      if (between < least) least = between;
    }
    const lower = Math.min(best, at(dx, dy));
    return lower - least >= valley * (lower - level);
  };
  const deviation = deviationOf(joint);
  const windowsAt = (k: number): number[] =>
    Array.from({ length: maps.length / scores.length }, (_, i) => i).filter((i) => shown[i * scores.length + k] === 1);
  const standsOut = (dx: number, dy: number): boolean => {
    const error = deviation / Math.sqrt(windowsAt(index(dx, dy)).length);
    return at(dx, dy) - level >= outstanding * error;
  };
  const candidates = places(own.beyond, radius)
    .filter(([dx, dy]) => allowed(dx, dy) && !Number.isNaN(at(dx, dy)))
    .toSorted((a, b) => at(...b) - at(...a));
  const found: (readonly [number, number])[] = [];
  for (const [dx, dy] of candidates) {
    const isApart = found.every(([x, y]) => Math.max(Math.abs(dx - x), Math.abs(dy - y)) >= own.beyond);
    if (isApart && divided(dx, dy) && standsOut(dx, dy)) found.push([dx, dy]);
    if (found.length === mostRivals) break;
  }
  return found.map(([dx, dy]) => {
    const k = index(dx, dy);
    const there = windowsAt(k).map((i) => maps[i * scores.length + index(cx, cy)]!);
    return { dx: dx - cx, dy: dy - cy, share: scores[k]! / Math.max(mean(there), 1e-6) };
  });
}

/**
 * Where else the images fit: many windows jointly shifted against the solution. A scene that repeats itself fits about as well a
 * period away, and nothing but this comparison tells so: all windows agree on each place.
 *
 * @param joint - `matchWindowsJointly`, of the same geometry
 * @param expected - a place further off than it says is no rival, unless the solution is itself
 * @returns px of the reference plane, best first
 */
export function rivalPlaces(
  reference: { readonly width: number; readonly height: number },
  referenceToSensed: MatrixTransform,
  joint: readonly JointMatch[],
  expected: ExpectedPlace | null,
): readonly RivalPlace[] {
  const back = expected && invertTransform(expected.start);
  const [x, y] = [reference.width / 2, reference.height / 2];
  const allowed = (dx: number, dy: number): boolean => {
    if (expected === null || back === null) return true;
    const [u, v] = transformPoint(back, ...transformPoint(referenceToSensed, x + dx, y + dy));
    return Math.hypot(u - x, v - y) <= expected.radius;
  };
  const anywhere = !allowed(0, 0);
  return joint
    .flatMap(({ step, scores }) =>
      findRivals(scores, (dx, dy) => anywhere || allowed(dx * step, dy * step)).map(({ dx, dy, share }) => {
        return { dx: dx * step, dy: dy * step, share };
      }),
    )
    .toSorted((a, b) => b.share - a.share);
}
