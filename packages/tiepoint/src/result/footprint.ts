import { type Transform, transformPoint } from '@tiepoint/geometry';
import type { RasterFile } from '@tiepoint/raster';
import { clipToImage, type ImageSize, type Polygon } from '../inputs/overlap.js';
import { placesOnEarth } from './places-on-earth.js';

/** Points along the border of an image, without the first again. */
function border({ width, height }: ImageSize): readonly (readonly [number, number])[] {
  const along = [0, 0.25, 0.5, 0.75];
  return [
    ...along.map((t) => [t * width, 0] as const),
    ...along.map((t) => [width, t * height] as const),
    ...along.map((t) => [(1 - t) * width, height] as const),
    ...along.map((t) => [0, (1 - t) * height] as const),
  ];
}

/** Counterclockwise, as GeoJSON wants the outside of a polygon. */
function counterclockwise(ring: Polygon): Polygon {
  const twice = ring.reduce((sum, [x, y], i) => {
    const [fromX, fromY] = ring.at(i - 1)!;
    return sum + fromX * y - x * fromY;
  }, 0);
  return twice < 0 ? ring.toReversed() : ring;
}

/**
 * The border of the sensed image on the Earth.
 *
 * @param frame - the image whose georeference says where that is: the reference, or the sensed image itself
 * @param toFrame - sensed px → px of the frame; null where it is the sensed image
 * @param grid - to have only what lies on that grid of the frame, as an image that is warped onto it
 * @returns a closed ring of [longitude, latitude], counterclockwise; null where nothing says where it lies
 * @throws TiepointError where the system of the frame cannot be converted
 */
export async function footprintOf(
  frame: Pick<RasterFile, 'georeference'>,
  sensed: ImageSize,
  toFrame: Transform | null,
  grid: ImageSize | null = null,
): Promise<readonly (readonly [number, number])[] | null> {
  const whole = border(sensed).map(([x, y]) => (toFrame === null ? ([x, y] as const) : transformPoint(toFrame, x, y)));
  const pixels = grid === null ? whole : clipToImage(whole, grid);
  const places = await placesOnEarth(frame, Float64Array.from(pixels.flat()));
  if (places === null || places.length === 0 || !places.every(Number.isFinite)) return null;
  const points = pixels.map((_, i) => [places[2 * i]!, places[2 * i + 1]!] as const);
  const ring = counterclockwise(points);
  return [...ring, ring[0]!];
}
