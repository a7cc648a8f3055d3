import { affine, composeTransforms, type MatrixTransform, type Plane } from '@tiepoint/geometry';
import type { PixelWindow, RasterFile } from '@tiepoint/raster';
import type { ImportedTiePoints } from './imported-tie-points.js';

/** Turns the rows of an image of that height over, pixel to pixel; its own inverse. */
export function turnOver(height: number): MatrixTransform {
  return affine(1, 0, 0, 0, -1, height);
}

/** Whether a map turns the image over: its right-handed corners become left-handed ones. */
export function isMirrored({ matrix: [a, b, , d, e] }: MatrixTransform): boolean {
  return a * e - b * d < 0;
}

/** A map to the sensed image as one to its view with the rows turned over. */
export function toTurnedOver(toSensed: MatrixTransform, height: number): MatrixTransform {
  return composeTransforms(turnOver(height), toSensed);
}

function turnRows(plane: Plane): Plane {
  const { width, height, mask } = plane;
  const turned = <T extends Float32Array | Uint8Array>(samples: T): T => {
    const out = samples.slice() as T;
    for (let y = 0; y < height; y++)
      out.set(samples.subarray((height - 1 - y) * width, (height - y) * width), y * width);
    return out;
  };
  const data = turned(plane.data);
  return mask === undefined ? { width, height, data } : { width, height, data, mask: turned(mask) };
}

/**
 * A view of a file whose rows run the other way, for matching: images that the georeferences mirror against each other (rows
 * that run north, radar looking the other way) look alike in it. Only `readPlane` is turned over, and no georeference is given.
 */
export function turnedOver(file: RasterFile): RasterFile {
  const turnWindow = ({ x, y, width, height }: PixelWindow): PixelWindow => ({
    x,
    y: file.height - y - height,
    width,
    height,
  });
  return {
    ...file,
    georeference: null,
    readPlane: async ({ window, ...options } = {}) =>
      turnRows(await file.readPlane({ ...options, ...(window === undefined ? {} : { window: turnWindow(window) }) })),
  };
}

/** Imported tie points as they lie on the view with the rows turned over. */
export function turnedOverPoints(tiePoints: ImportedTiePoints, height: number): ImportedTiePoints {
  return {
    ...tiePoints,
    points: tiePoints.points.map((point) => ({
      ...point,
      sensed: [point.sensed[0], height - point.sensed[1]] as const,
    })),
  };
}
