import { jacobianAt, type Transform, transformPoint } from '@tiepoint/geometry';
import { chooseWindows, type DlsmPlace, patchSide, type PatchGround } from '@tiepoint/matching';
import type { FullImage } from '../inputs/full-image.js';

/** Pixels around a patch that its shifts and its interpolation reach. */
const reach = 8;

/** Reads the part of an image around a place, as far as it is inside; null where nothing is. Sizes are px of the file. */
export async function readAround(
  image: FullImage,
  x: number,
  y: number,
  halfWidth: number,
  halfHeight: number,
): Promise<PatchGround | null> {
  const width = Math.round(image.plane.width * image.scale[0]);
  const height = Math.round(image.plane.height * image.scale[1]);
  const left = Math.max(0, Math.floor(x - halfWidth));
  const top = Math.max(0, Math.floor(y - halfHeight));
  const right = Math.min(width, Math.ceil(x + halfWidth));
  const bottom = Math.min(height, Math.ceil(y + halfHeight));
  if (right - left < 4 || bottom - top < 4) return null;
  return { plane: await image.readWindow({ x: left, y: top, width: right - left, height: bottom - top }), left, top };
}

/** The affine map that a transform between the planes is near a place, between the pixels of the files. */
function localMap(transform: Transform, x: number, y: number, reference: FullImage, sensed: FullImage): Transform {
  const [u, v] = [x / reference.scale[0], y / reference.scale[1]];
  const [a, b, c, d] = jacobianAt(transform, u, v);
  const [X, Y] = transformPoint(transform, u, v);
  const [[rx, ry], [sx, sy]] = [reference.scale, sensed.scale];
  const linear = [(a * sx) / rx, (b * sx) / ry, (c * sy) / rx, (d * sy) / ry] as const;
  const shiftX = X * sx - linear[0] * x - linear[1] * y;
  const shiftY = Y * sy - linear[2] * x - linear[3] * y;
  return {
    model: 'affine',
    matrix: [linear[0], linear[1], shiftX, linear[2], linear[3], shiftY, 0, 0, 1],
  };
}

/** Half the sides of what a square of the reference covers in the sensed image, px, with room for interpolation. */
function extent(transform: Transform, half: number): readonly [number, number] {
  const [a, b, c, d] = jacobianAt(transform, 0, 0);
  return [(Math.abs(a) + Math.abs(b)) * half + reach, (Math.abs(c) + Math.abs(d)) * half + reach];
}

/**
 * Places for DLSM at the full resolution of the files: chosen where the planes have structure, each with the part of both images
 * around it.
 *
 * @param referenceToSensed - the geometry so far, between the planes
 * @param cells - places along the longer side of the overlap, at most
 */
export async function fullResolutionPlaces(
  reference: FullImage,
  sensed: FullImage,
  referenceToSensed: Transform,
  cells: number,
): Promise<readonly DlsmPlace[]> {
  const grid = { cells, size: patchSide, minValid: 0.75 };
  const centres = chooseWindows(reference.plane, sensed.plane, referenceToSensed, grid);
  const places: DlsmPlace[] = [];
  for (let i = 0; i < centres.length; i += 2) {
    const [x, y] = [centres[i]! * reference.scale[0], centres[i + 1]! * reference.scale[1]];
    const map = localMap(referenceToSensed, x, y, reference, sensed);
    const half = patchSide / 2 + reach;
    const [sx, sy] = transformPoint(map, x, y);
    const fixed = await readAround(reference, x, y, half, half);
    const moving = await readAround(sensed, sx, sy, ...extent(map, half));
    if (fixed !== null && moving !== null)
      places.push({ x, y, reference: fixed, sensed: moving, referenceToSensed: map });
  }
  return places;
}
