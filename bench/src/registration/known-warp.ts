import {
  applyTransform,
  composeTransforms,
  createRandom,
  invertTransform,
  type MatrixTransform,
  type Plane,
  resamplePlane,
  similarity,
  type Transform,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import type { AlignedPair } from './dataset.js';

/** How far the sensed image is moved: ±12 px; ±10°, scale 0.9–1.1, ±10 px; ±180°, scale 0.6–1.6, ±10 px. */
export type Level = 'shift' | 'small' | 'any';

export const levels: readonly Level[] = ['shift', 'small', 'any'];

/** A pair whose sensed image was moved by a known transform, and the truth. */
export interface WarpedPair {
  readonly id: string;
  readonly set: string;
  readonly reference: Plane;
  readonly sensed: Plane;
  readonly sensedToReference: MatrixTransform;
  /** Check points, px of the sensed image, interleaved: a 10×10 grid of the reference where both images are valid. */
  readonly checkPoints: Float64Array;
}

/** A similarity about the image's centre: radians, factor, px. */
export interface Motion {
  readonly angle: number;
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
}

function drawMotion(level: Level, seed: number): Motion {
  const random = createRandom(seed);
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const radians = Math.PI / 180;
  switch (level) {
    case 'shift':
      return { angle: 0, scale: 1, dx: between(-12, 12), dy: between(-12, 12) };
    case 'small':
      return {
        angle: between(-10, 10) * radians,
        scale: between(0.9, 1.1),
        dx: between(-10, 10),
        dy: between(-10, 10),
      };
    case 'any':
      return {
        angle: between(-180, 180) * radians,
        scale: Math.exp(between(Math.log(0.6), Math.log(1.6))),
        dx: between(-10, 10),
        dy: between(-10, 10),
      };
  }
}

function validAt(plane: Plane, x: number, y: number): boolean {
  const column = Math.floor(x);
  const row = Math.floor(y);
  if (column < 0 || row < 0 || column >= plane.width || row >= plane.height) return false;
  return plane.mask === undefined || plane.mask[row * plane.width + column] === 1;
}

/** Moves the sensed image of a pair as far as a level allows; see {@link movePair}. */
export function warpPair(pair: AlignedPair, level: Level, seed: number): WarpedPair {
  return movePair(pair, drawMotion(level, seed));
}

/** Moves the sensed image of a pair about the reference's centre; it is resampled once, from the original, onto a canvas of the reference's size. */
export function movePair(pair: AlignedPair, { angle, scale, dx, dy }: Motion): WarpedPair {
  const { width, height } = pair.reference;
  const [cx, cy] = transformPoint(pair.referenceToSensed, width / 2, height / 2);
  const motion = composeTransforms(
    translation(width / 2 + dx, height / 2 + dy),
    composeTransforms(similarity(scale, angle, 0, 0), translation(-cx, -cy)),
  );
  const sensed = resamplePlane(pair.sensed, width, height, invertTransform(motion)!, { kernel: 'cubic' });
  // Cubic interpolation overshoots; the originals are 8-bit.
  for (let i = 0; i < sensed.data.length; i++) sensed.data[i] = Math.min(255, Math.max(0, sensed.data[i]!));
  const referenceToSensed = composeTransforms(motion, pair.referenceToSensed);
  const points: number[] = [];
  for (let row = 0; row < 10; row++) {
    for (let column = 0; column < 10; column++) {
      const x = ((column + 0.5) * width) / 10;
      const y = ((row + 0.5) * height) / 10;
      const [sx, sy] = transformPoint(referenceToSensed, x, y);
      if (validAt(pair.reference, x, y) && validAt(sensed, sx, sy)) points.push(sx, sy);
    }
  }
  return {
    id: pair.id,
    set: pair.set,
    reference: pair.reference,
    sensed,
    sensedToReference: invertTransform(referenceToSensed)!,
    checkPoints: Float64Array.from(points),
  };
}

/** Median distance between where a transform and the truth put the check points, px of the reference; Infinity for no transform. */
export function checkPointError(truth: MatrixTransform, found: Transform | null, points: Float64Array): number {
  if (found === null || points.length === 0) return Infinity;
  const errors: number[] = [];
  const [due, got] = [applyTransform(truth, points), applyTransform(found, points)];
  for (let i = 0; i < points.length; i += 2) errors.push(Math.hypot(got[i]! - due[i]!, got[i + 1]! - due[i + 1]!));
  errors.sort((a, b) => a - b);
  const middle = errors.length >> 1;
  return errors.length % 2 === 1 ? errors[middle]! : (errors[middle - 1]! + errors[middle]!) / 2;
}
