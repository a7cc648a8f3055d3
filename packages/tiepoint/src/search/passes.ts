import type { MatrixTransform, Plane } from '@tiepoint/geometry';
import { overlapOf } from '../inputs/overlap.js';
import { type MatchPass, scaleOf } from './match-pass.js';

/** Size of an image, px. */
export type Extent = Pick<Plane, 'width' | 'height'>;

/** Size of what two images can show at once, px of the reference, and the shorter side of the ground that they do show. */
export interface CommonExtent extends Extent {
  readonly narrowest: number;
}

/** The smaller of two images in each direction, the sensed one at the scale of a geometry and whichever way it is turned; and their overlap there. */
export function commonExtent(reference: Extent, sensed: Extent, referenceToSensed: MatrixTransform): CommonExtent {
  const longest = Math.max(sensed.width, sensed.height) * scaleOf(referenceToSensed);
  const overlap = overlapOf(reference, sensed, referenceToSensed);
  const sideAlong = (axis: 0 | 1): number => {
    const values = overlap.map((corner) => corner[axis]);
    return Math.max(0, Math.max(...values) - Math.min(...values));
  };
  return {
    width: Math.min(reference.width, longest),
    height: Math.min(reference.height, longest),
    narrowest: overlap.length === 0 ? 0 : Math.min(sideAlong(0), sideAlong(1)),
  };
}

/** Side at which the whole image is looked at in the first pass, px. */
const coarseSide = 256;
/** Side of the first pass's windows, px. */
const coarseWindow = 48;
const fineWindow = 96;
/** Share of the width of the ground that both images show which a window takes at most. */
const stripShare = 1.25;

function largestWindow({ width, height, narrowest }: CommonExtent, step: number, wanted: number): number {
  // A window takes at most two fifths of the shorter side, or nothing but the middle of the image would have one; and little more than a
  // strip that is all the images have in common, or most of it would lie outside.
  const most = Math.min(0.4 * Math.min(width, height), stripShare * narrowest);
  const limit = Math.floor(most / step / 8) * 8;
  return Math.max(16, Math.min(wanted, limit));
}

/** The step at which an extent has about {@link coarseSide} px a side: a power of two. */
export function coarseStep({ width, height }: Extent): number {
  return 2 ** Math.max(0, Math.round(Math.log2(Math.max(width, height) / coarseSide)));
}

/** The first pass: few small windows, coarse enough that `radius` px of the reference are 20 of the window. */
export function coarsePass(extent: CommonExtent, radius: number, model: MatchPass['model']): MatchPass {
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(radius / 20)));
  return {
    step,
    window: largestWindow(extent, step, coarseWindow),
    radius: Math.max(4, Math.ceil(radius / step)),
    cells: 7,
    model,
    threshold: step === 1 ? 3 : 2.5,
  };
}

/** From what a pass at `step` leaves to full resolution, halving the step; the last pass matches both ways. */
export function finePasses(extent: CommonExtent, step: number): readonly MatchPass[] {
  const passes: MatchPass[] = [];
  const window = (at: number): number => largestWindow(extent, at, fineWindow);
  for (let at = Math.max(1, step / 2); ; at /= 2) {
    passes.push({ step: at, window: window(at), radius: 12, cells: 7, model: 'affine', threshold: 3 });
    if (at === 1) break;
  }
  passes.push({ step: 1, window: window(1), radius: 8, cells: 9, model: 'affine', threshold: 3, bothWays: true });
  return passes;
}
