import { type Plane, resamplePlane, TiepointError } from '@tiepoint/geometry';
import { staysAtStart } from '../inputs/register-method.js';
import { planesOf, type Task, taskOfPlanes } from '../inputs/task.js';

/** Longest side of one image, of that of the other, from which they may as well show one ground at two resolutions. */
const clearlyLarger = 1.4;
/** Ratio of resolutions up to which that is looked into: what is left of the finer image beyond it shows too little. */
const mostRatio = 10;

type Factors = readonly [x: number, y: number];

/** A plane averaged down to so many px, and px of it per px of the result. */
function reduced(plane: Plane, ratio: number): { readonly plane: Plane; readonly factors: Factors } {
  const [width, height] = [Math.round(plane.width / ratio), Math.round(plane.height / ratio)];
  const factors = [plane.width / width, plane.height / height] as const;
  const scaled = { model: 'affine', matrix: [factors[0], 0, 0, 0, factors[1], 0, 0, 0, 1] } as const;
  return { plane: resamplePlane(plane, width, height, scaled, { kernel: 'cubic' }), factors };
}

const times = ([x, y]: Factors, [u, v]: Factors): Factors => [x * u, y * v];

/**
 * The task with the larger image averaged down to the size of the smaller: as if both showed one ground, which sensors of different
 * resolution do. Windows of a sharp image and of a blurred one have little in common.
 *
 * @returns null where the images are about as large, where a start, tie points or a bound say how pixels lie on each other, or where
 *   too little is left of the larger image to be matched
 */
export function atOneResolution(task: Task): Task | null {
  const [reference, sensed] = planesOf(task);
  const sizes = [reference, sensed].map(({ width, height }) => Math.max(width, height)) as [number, number];
  const ratio = sizes[0] / sizes[1];
  const isKnown = task.start !== null || task.imported !== null || task.maxShift !== null || staysAtStart(task.method);
  const larger = Math.max(ratio, 1 / ratio);
  if (isKnown || larger < clearlyLarger || larger > mostRatio) return null;
  const whole = { plane: null, factors: [1, 1] as const };
  const fixed = ratio > 1 ? reduced(reference, ratio) : whole;
  const moving = ratio < 1 ? reduced(sensed, 1 / ratio) : whole;
  try {
    return taskOfPlanes(fixed.plane ?? reference, moving.plane ?? sensed, {
      ...task,
      scale: {
        reference: times(task.scale.reference, fixed.factors),
        sensed: times(task.scale.sensed, moving.factors),
      },
      // The finer file shows at its own resolution what the coarser one does not have.
      full: null,
    });
  } catch (error) {
    // A long strip beside a square, or a few valid pixels.
    if (error instanceof TiepointError) return null;
    throw error;
  }
}
