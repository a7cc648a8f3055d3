import type { MatrixTransform, Plane } from '@tiepoint/geometry';
import { type MatchPass, scaleOf } from './match-pass.js';

/** Size of what both images can show at once, px of the reference. */
export type Extent = Pick<Plane, 'width' | 'height'>;

/** The smaller of two images in each direction, the sensed one at the scale of a geometry and whichever way it is turned. */
export function commonExtent(reference: Extent, sensed: Extent, referenceToSensed: MatrixTransform): Extent {
  const longest = Math.max(sensed.width, sensed.height) * scaleOf(referenceToSensed);
  return { width: Math.min(reference.width, longest), height: Math.min(reference.height, longest) };
}

/** Side at which the whole image is looked at in the first pass, px. */
const coarseSide = 256;
/** Side of the first pass's windows, px. */
const coarseWindow = 48;
const fineWindow = 96;

function largestWindow({ width, height }: Extent, step: number, wanted: number): number {
  // A window takes at most two fifths of the shorter side, or nothing but the middle of the image would have one.
  const limit = Math.floor((0.4 * Math.min(width, height)) / step / 8) * 8;
  return Math.max(16, Math.min(wanted, limit));
}

/** The step at which an extent has about {@link coarseSide} px a side: a power of two. */
export function coarseStep({ width, height }: Extent): number {
  return 2 ** Math.max(0, Math.round(Math.log2(Math.max(width, height) / coarseSide)));
}

/** The first pass: few small windows, coarse enough that `radius` px of the reference are 20 of the window. */
export function coarsePass(extent: Extent, radius: number, model: MatchPass['model']): MatchPass {
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
export function finePasses(extent: Extent, step: number): readonly MatchPass[] {
  const passes: MatchPass[] = [];
  const window = (at: number): number => largestWindow(extent, at, fineWindow);
  for (let at = Math.max(1, step / 2); ; at /= 2) {
    passes.push({ step: at, window: window(at), radius: 12, cells: 7, model: 'affine', threshold: 3 });
    if (at === 1) break;
  }
  passes.push({ step: 1, window: window(1), radius: 8, cells: 9, model: 'affine', threshold: 3, bothWays: true });
  return passes;
}
