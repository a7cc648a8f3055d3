import type { Plane } from '@tiepoint/geometry';
import type { KeypointMethodFactory } from './method.js';
import { type DescribedKeypoints, descriptorMethod } from './nearest-descriptors.js';
import { describePolar, dominantAngles, polarLength } from './polar-descriptor.js';
import { type SarScale, sarScales } from './sar-sift-scales.js';

/** Px at the border that have no neighbours on all sides. */
const border = 2;

interface Corner {
  readonly column: number;
  readonly row: number;
  readonly level: SarScale;
  readonly strength: number;
}

/** Samples of a scale whose SAR-Harris function is larger than their eight neighbours', on valid ground. */
function cornersOf(level: SarScale, mask: Uint8Array | undefined): Corner[] {
  const { width, height } = level.gradient;
  const { corner } = level;
  const found: Corner[] = [];
  for (let row = border; row < height - border; row++) {
    next: for (let column = border; column < width - border; column++) {
      const i = row * width + column;
      const strength = corner[i]!;
      if (!(strength > 0) || mask?.[i] === 0) continue;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if ((dx !== 0 || dy !== 0) && corner[i + dy * width + dx]! >= strength) continue next;
        }
      }
      found.push({ column, row, level, strength });
    }
  }
  return found;
}

/** Keypoints of SAR-SIFT, the strongest `count` places, with a descriptor for each of their directions. */
function sarSift(plane: Plane, count: number): DescribedKeypoints {
  const corners = sarScales(plane)
    .flatMap((level) => cornersOf(level, plane.mask))
    .toSorted((a, b) => b.strength - a.strength)
    .slice(0, count);
  const owner: number[] = [];
  const rows: Float32Array[] = [];
  for (const [i, { column, row, level }] of corners.entries()) {
    for (const angle of dominantAngles(level.gradient, column, row, level.scale)) {
      const descriptor = new Float32Array(polarLength);
      describePolar(level.gradient, { column, row, scale: level.scale, angle }, descriptor);
      rows.push(descriptor);
      owner.push(i);
    }
  }
  const descriptors = new Float32Array(rows.length * polarLength);
  for (const [i, row] of rows.entries()) descriptors.set(row, i * polarLength);
  const xy = Float64Array.from(corners.flatMap(({ column, row }) => [column + 0.5, row + 0.5]));
  return { xy, descriptors, owner: Int32Array.from(owner) };
}

/**
 * SAR-SIFT (Dellinger, Delon, Gousseau, Michel and Tupin 2015): gradients by ratio, SAR-Harris corners at eight scales, log-polar
 * descriptors. Like the other rivals it keeps the strongest keypoints in place of all above a threshold.
 */
export const sarSiftMethod: KeypointMethodFactory = () =>
  Promise.resolve(
    descriptorMethod(
      'sar-sift',
      (plane, count) => Promise.resolve(sarSift(plane, count)),
      () => Promise.resolve(),
    ),
  );
