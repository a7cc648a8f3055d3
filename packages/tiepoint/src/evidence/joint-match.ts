import type { MatrixTransform } from '@tiepoint/geometry';
import { type JointScores, matchJointly } from '@tiepoint/matching';
import type { Task } from '../inputs/task.js';
import { coarseStep } from '../search/passes.js';

/** Windows jointly shifted against a solution. */
export interface JointMatch {
  /** Px of the reference plane per px of the maps. */
  readonly step: number;
  readonly scores: JointScores;
}

/**
 * Windows along each side, and how far they are shifted, px of a map. At the resolution of the first pass they cover all of the
 * ground, and small differences and near places show; at half of it half of the image is within reach.
 */
const levels = [
  { cells: 7, radius: 28 },
  { cells: 5, radius: 64 },
] as const;
/** Side of windows, px of a map. */
const windowSide = 48;
/** Windows take at most this share of the shorter side, shifts at most half of it: beyond that there is no ground to compare. */
const most = { window: 0.4, radius: 0.5 };

/** Shifts many windows jointly against a geometry, near it and as far as half of the image. */
export async function matchWindowsJointly(
  { engine, reference, sensed, features, signal }: Task,
  referenceToSensed: MatrixTransform,
): Promise<readonly JointMatch[]> {
  const plane = reference.levels[0]!;
  const matches: JointMatch[] = [];
  for (const [level, { cells, radius: farthest }] of levels.entries()) {
    const step = coarseStep(plane) * 2 ** level;
    const side = Math.min(plane.width, plane.height) / step;
    const window = 8 * Math.max(2, Math.floor(Math.min(windowSide, most.window * side) / 8));
    const radius = Math.max(8, Math.floor(Math.min(farthest, most.radius * side)));
    const pass = { step, window, radius, cells };
    const scores = await matchJointly(engine, reference, sensed, referenceToSensed, features, pass, signal);
    matches.push({ step, scores });
  }
  return matches;
}
