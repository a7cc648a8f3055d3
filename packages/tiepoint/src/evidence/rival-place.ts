import { invertTransform, type MatrixTransform, transformPoint } from '@tiepoint/geometry';
import { type JointScores, matchJointly } from '@tiepoint/matching';
import { coarseStep } from '../search/passes.js';
import type { Task } from '../inputs/task.js';
import type { RivalPlace } from './evidence.js';

/** What is known of the geometry beforehand: the middle of the reference lies within `radius` px of where `start` (reference px → sensed px) says. */
export interface ExpectedPlace {
  readonly start: MatrixTransform;
  readonly radius: number;
}

/** Displacement within which the peak of the solution itself is sought, and from which on another place may lie, px of the map. */
const own = { within: 2, beyond: 5 };
/** How deep the joint correlation has to fall between two places, of that at the solution: a ridge is no other place. */
const valley = 0.2;

/**
 * The best place but the solution's own on a map of joint scores: a peak that a valley divides from it.
 *
 * @param allowed - whether a shift, px of the map, may be at all
 * @returns in px of the map; null where there is no other
 */
export function findRival(
  { scores, side }: JointScores,
  allowed: (dx: number, dy: number) => boolean = () => true,
): RivalPlace | null {
  const radius = (side - 1) / 2;
  const at = (dx: number, dy: number): number => scores[(dy + radius) * side + dx + radius]!;
  const places = (from: number, to: number): (readonly [number, number])[] =>
    Array.from({ length: (2 * to + 1) ** 2 }, (_, i) => {
      const across = 2 * to + 1;
      return [(i % across) - to, Math.floor(i / across) - to] as const;
    }).filter(([dx, dy]) => Math.max(Math.abs(dx), Math.abs(dy)) >= from);
  const [cx, cy] = places(0, own.within).reduce((a, b) => (at(...b) > at(...a) ? b : a));
  const best = at(cx, cy);
  if (!(best > 0)) return null;
  const divided = (dx: number, dy: number): boolean => {
    const steps = Math.ceil(Math.hypot(dx - cx, dy - cy));
    let least = Infinity;
    for (let k = 1; k < steps; k++) {
      const t = k / steps;
      least = Math.min(least, at(Math.round(cx + t * (dx - cx)), Math.round(cy + t * (dy - cy))));
    }
    return Math.min(best, at(dx, dy)) - least >= valley * best;
  };
  const candidates = places(own.beyond, radius)
    .filter(([dx, dy]) => allowed(dx, dy))
    .toSorted((a, b) => at(...b) - at(...a));
  const found = candidates.find(([dx, dy]) => divided(dx, dy));
  return found === undefined ? null : { dx: found[0] - cx, dy: found[1] - cy, share: at(...found) / best };
}

/** Windows that are compared jointly, along each side, their side and how far they are shifted, in px of a map. */
const joint = { cells: 4, window: 48, radius: 44 };

/**
 * Where else the images fit: many windows jointly shifted against the solution, at the resolution of the first pass. A scene that
 * repeats itself fits about as well a period away, and nothing but this comparison tells so: all windows agree on each place.
 *
 * @param expected - a place further off than it says is no rival, unless the solution is itself
 */
export async function rivalPlace(
  task: Task,
  referenceToSensed: MatrixTransform,
  expected: ExpectedPlace | null,
): Promise<RivalPlace | null> {
  const { engine, reference, sensed, features, signal } = task;
  const plane = reference.levels[0]!;
  const step = coarseStep(plane);
  const shrink = Math.min(1, (0.4 * Math.min(plane.width, plane.height)) / step / joint.window);
  const window = 8 * Math.max(2, Math.floor((shrink * joint.window) / 8));
  const radius = Math.max(8, Math.floor(shrink * joint.radius));
  const pass = { step, window, radius, cells: joint.cells };
  const scores = await matchJointly(engine, reference, sensed, referenceToSensed, features, pass, signal);
  const back = expected && invertTransform(expected.start);
  const allowed = (dx: number, dy: number): boolean => {
    if (expected === null || back === null) return true;
    const [x, y] = [plane.width / 2, plane.height / 2];
    const [u, v] = transformPoint(back, ...transformPoint(referenceToSensed, x + dx * step, y + dy * step));
    return Math.hypot(u - x, v - y) <= expected.radius;
  };
  const rival = findRival(scores, allowed(0, 0) ? allowed : undefined);
  return rival && { ...rival, dx: rival.dx * step, dy: rival.dy * step };
}
