import { TiepointError } from '@tiepoint/geometry';
import { type RasterFile, readGroundHeights } from '@tiepoint/raster';
import { metresPerPixel } from '../result/ground-distance.js';
import { placesOnEarth } from '../result/places-on-earth.js';

/** The ground at some places; NaN where the DEM does not say. */
export interface Terrain {
  /** m, as in the DEM. */
  readonly elevation: Float64Array;
  /** Steepest slope, degrees, over two samples of the DEM. */
  readonly slope: Float64Array;
}

/** Metres in a degree of latitude; a slope is not asked for better. */
const metresPerDegree = 111_320;

/** @throws TiepointError `no-georeference` for an image that does not say where on Earth it lies */
export function requirePlace({ georeference, name }: RasterFile): void {
  if (georeference !== null && georeference.crs !== null) return;
  throw new TiepointError('no-georeference', `${name}: does not say where on the DEM it lies`, {
    hint: 'Give a georeferenced reference, or leave out --dem.',
    value: name,
  });
}

/**
 * Height and slope of the ground at places of an image.
 *
 * @param pixels - px of the image, interleaved
 * @throws TiepointError `no-georeference` where the image or the DEM does not say where it lies, `no-overlap`, and of reading
 */
export async function terrainAt(
  image: RasterFile,
  pixels: Float64Array,
  dem: RasterFile,
  signal?: AbortSignal,
): Promise<Terrain> {
  requirePlace(image);
  const places = (await placesOnEarth(image, pixels))!;
  const count = places.length >> 1;
  const terrain = { elevation: new Float64Array(count), slope: new Float64Array(count) };
  if (count === 0) return terrain;
  const heightAt = await readGroundHeights(dem, places, signal);
  const step = (await metresPerPixel(dem.georeference, dem.width, dem.height)) ?? 1;
  for (let i = 0; i < count; i++) {
    const [longitude, latitude] = [places[2 * i]!, places[2 * i + 1]!];
    const north = step / metresPerDegree;
    const east = north / Math.max(1e-6, Math.cos((latitude * Math.PI) / 180));
    const height = (dx: number, dy: number): number =>
      heightAt(longitude + dx * east, latitude + dy * north) ?? Number.NaN;
    const rise = Math.hypot(height(1, 0) - height(-1, 0), height(0, 1) - height(0, -1));
    terrain.elevation[i] = height(0, 0);
    terrain.slope[i] = (Math.atan(rise / (2 * step)) * 180) / Math.PI;
  }
  return terrain;
}
