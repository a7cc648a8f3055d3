import { type Transform, transformPoint } from '@tiepoint/geometry';
import type { RasterFile } from '@tiepoint/raster';
import { placesOnEarth } from './places-on-earth.js';

/** Size of an image, px. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Points along the border of an image, without the first again. */
function border({ width, height }: Size): readonly (readonly [number, number])[] {
  const along = [0, 0.25, 0.5, 0.75];
  return [
    ...along.map((t) => [t * width, 0] as const),
    ...along.map((t) => [width, t * height] as const),
    ...along.map((t) => [(1 - t) * width, height] as const),
    ...along.map((t) => [0, (1 - t) * height] as const),
  ];
}

/**
 * The border of the sensed image on the Earth.
 *
 * @param frame - the image whose georeference says where that is: the reference, or the sensed image itself
 * @param toFrame - sensed px → px of the frame; null where it is the sensed image
 * @returns a closed ring of [longitude, latitude]; null where nothing says where it lies
 * @throws TiepointError where the system of the frame cannot be converted
 */
export async function footprintOf(
  frame: Pick<RasterFile, 'georeference'>,
  sensed: Size,
  toFrame: Transform | null,
): Promise<readonly (readonly [number, number])[] | null> {
  const pixels = border(sensed).flatMap(([x, y]) => (toFrame === null ? [x, y] : transformPoint(toFrame, x, y)));
  const places = await placesOnEarth(frame, Float64Array.from(pixels));
  if (places === null || !places.every(Number.isFinite)) return null;
  const ring = Array.from({ length: places.length / 2 }, (_, i) => [places[2 * i]!, places[2 * i + 1]!] as const);
  return [...ring, ring[0]!];
}
