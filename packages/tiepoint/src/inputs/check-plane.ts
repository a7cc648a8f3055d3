import { type Plane, TiepointError } from '@tiepoint/geometry';

/** Least side an image can be registered at, px. */
const leastSide = 48;

/**
 * Refuses images that cannot be matched, with the reason.
 *
 * @throws TiepointError `image-too-small`, `no-valid-pixels`, `no-structure`
 */
export function checkPlane(plane: Plane, name: string): void {
  const { width, height, data, mask } = plane;
  if (Math.min(width, height) < leastSide) {
    throw new TiepointError('image-too-small', `${name} is ${width}×${height} px: too small to be matched`, {
      hint: `both sides need at least ${leastSide} px`,
      value: [width, height],
    });
  }
  let low = Infinity;
  let high = -Infinity;
  let count = 0;
  for (let i = 0; i < data.length; i++) {
    if (mask !== undefined && mask[i] === 0) continue;
    const value = data[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
    count++;
  }
  if (count === 0) {
    throw new TiepointError('no-valid-pixels', `${name} has no valid pixel: all are nodata, masked or NaN`, {
      hint: 'check the nodata value and the mask of the file, or choose another band',
      value: name,
    });
  }
  if (!(high > low)) {
    throw new TiepointError('no-structure', `every valid pixel of ${name} is ${low}: there is nothing to match`, {
      hint: 'choose another band',
      value: low,
    });
  }
}
