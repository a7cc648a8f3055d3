import { invertTransform, type MatrixTransform, transformPoint } from '@tiepoint/geometry';
import type { Ground, MatchedPoints, Truth } from './metrics.js';

/** Keypoints a px: 125 in 256², 500 in 512². */
const density = 125 / 256 ** 2;
/** Px from the border and from invalid ground: what the method that leaves out most leaves out, so that any may have keypoints there. */
const border = 32;

/** 1 where all within `reach` px along both axes is valid ground. */
function interiorOf({ width, height, mask }: Ground, reach: number): Uint8Array {
  const valid = mask ?? new Uint8Array(width * height).fill(1);
  /** 1 where the 2 · reach + 1 samples about each along one axis are all 1; what lies beyond the image is not. */
  const eroded = (from: Uint8Array, stride: number, extent: number, across: number, lines: number): Uint8Array => {
    const out = new Uint8Array(from.length);
    for (let line = 0; line < lines; line++) {
      let run = 0;
      for (let i = 0; i < extent; i++) {
        run = from[line * across + i * stride] === 1 ? run + 1 : 0;
        if (run > 2 * reach) out[line * across + (i - reach) * stride] = 1;
      }
    }
    return out;
  };
  return eroded(eroded(valid, 1, width, width, height), width, height, 1, width);
}

/** A ground with the interior for its mask. */
function shrunk(ground: Ground): Ground {
  return { ...ground, mask: interiorOf(ground, border) };
}

/** Whether places of one image are away from the borders of both. */
function commonTo(own: Ground, toOther: MatrixTransform, other: Ground): (x: number, y: number) => boolean {
  const at = ({ width, height, mask }: Ground, x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && mask![Math.floor(y) * width + Math.floor(x)] === 1;
  return (x, y) => at(own, x, y) && at(other, ...transformPoint(toOther, x, y));
}

/** The first of an image's keypoints on common ground, as many as its area has at the common density. */
function strongest(
  points: Float64Array,
  { width, height }: Ground,
  common: (x: number, y: number) => boolean,
): Float64Array {
  let area = 0;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (common(x + 0.5, y + 0.5)) area++;
  const kept: number[] = [];
  for (let i = 0; i < points.length; i += 2) {
    if (common(points[i]!, points[i + 1]!)) kept.push(points[i]!, points[i + 1]!);
  }
  return Float64Array.from(kept.slice(0, 2 * Math.round(area * density)));
}

/**
 * Of the keypoints of both images, which lie strongest first, the strongest on the ground where both may have some: 125 for each 256²
 * px of it. So many of each method, wherever its keypoints lie and whatever border it leaves out; fewer where it has fewer there.
 */
export function atEqualDensity({ reference, sensed }: MatchedPoints, truth: Truth): MatchedPoints {
  const back = invertTransform(truth.sensedToReference);
  if (back === null) throw new RangeError('the true transform has no inverse');
  const [first, second] = [shrunk(truth.reference), shrunk(truth.sensed)];
  return {
    reference: strongest(reference, first, commonTo(first, back, second)),
    sensed: strongest(sensed, second, commonTo(second, truth.sensedToReference, first)),
  };
}
