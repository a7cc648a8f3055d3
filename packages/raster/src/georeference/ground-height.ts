import { type Plane, TiepointError } from '@tiepoint/geometry';
import type { PixelWindow, RasterFile } from '../formats/raster-file.js';
import { lookUpEpsg } from './epsg-table.js';
import { transformerBetween } from './crs-transformer.js';
import { bendOf } from './bend.js';
import { invertGeoTransform, pixelToMap } from './geotransform.js';
import { middleLongitude, turnLongitudes } from './longitude.js';
import { type GroundHeight, placeByRpc } from './place-by-rpc.js';

/** The most samples of a DEM that are held. */
const mostSamples = 2 ** 24;

/**
 * The image with its RPCs placed on the ground of a DEM in place of its mean height; an image without RPCs as it is.
 * Heights are taken as they stand in the DEM: above the ellipsoid, else images seen aslant are off by the geoid's height.
 * @throws {TiepointError} `no-georeference` for a DEM that does not say where it lies, `no-overlap`, and as reading it does.
 */
export async function placedOnGround(file: RasterFile, dem: RasterFile, signal?: AbortSignal): Promise<RasterFile> {
  const rpc = file.georeference?.rpc;
  if (rpc === undefined) return file;
  const around = (file.georeference!.gcps ?? []).flatMap(({ mapX, mapY }) => [mapX, mapY]);
  const heightAt = await readGroundHeights(dem, around, signal);
  const georeference = await placeByRpc(rpc, file, heightAt);
  return { ...file, georeference: georeference ?? file.georeference };
}

/**
 * Reads the part of a DEM around some places: a function that gives heights between its samples, m.
 * @param around - longitude and latitude of each place, interleaved
 * @throws {TiepointError} `no-georeference` for a DEM that does not say where it lies, `no-overlap`, and as reading it does.
 */
export async function readGroundHeights(
  dem: RasterFile,
  around: ArrayLike<number>,
  signal?: AbortSignal,
): Promise<GroundHeight> {
  const toPixel = await pixelsOf(dem);
  const places = Array.from({ length: around.length >> 1 }, (_, i) => toPixel(around[2 * i]!, around[2 * i + 1]!));
  const window = windowAround(dem, places);
  const shrink = Math.max(1, Math.sqrt((window.width * window.height) / mostSamples));
  const size = { width: Math.ceil(window.width / shrink), height: Math.ceil(window.height / shrink) };
  const plane = await dem.readPlane({ band: 1, window, ...size, unscale: true, signal });
  return (longitude, latitude) => {
    const [x, y] = toPixel(longitude, latitude);
    return between(
      plane,
      ((x - window.x) * plane.width) / window.width - 0.5,
      ((y - window.y) * plane.height) / window.height - 0.5,
    );
  };
}

/** From longitude and latitude to pixels of a DEM. */
async function pixelsOf(dem: RasterFile): Promise<(longitude: number, latitude: number) => [number, number]> {
  const { georeference } = dem;
  const inverse = georeference && invertGeoTransform(georeference.geotransform);
  if (!georeference?.crs || !inverse || bendOf(georeference) !== null) {
    throw new TiepointError('no-georeference', `${dem.name}: does not say where its heights lie`, {
      hint: 'Give a DEM with a geotransform and a coordinate system.',
      value: dem.name,
    });
  }
  const transformer = await transformerBetween(await lookUpEpsg(4326), georeference.crs, { approximate: true });
  const centre = middleLongitude(georeference, dem);
  return (longitude, latitude) => {
    const point = Float64Array.of(longitude, latitude);
    transformer.forward(point);
    if (centre !== null) turnLongitudes(point, centre);
    return pixelToMap(inverse, point[0]!, point[1]!);
  };
}

/** The part of a DEM that holds some of its pixels, and what lies near them. */
function windowAround(dem: RasterFile, places: readonly (readonly [number, number])[]): PixelWindow {
  const range = (axis: 0 | 1, size: number): [number, number] => {
    const values = places.map((place) => place[axis]).filter(Number.isFinite);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    // Relief moves lines of sight beyond the outline at mean height.
    const margin = 16 + (high - low) / 4;
    return [Math.max(0, Math.floor(low - margin)), Math.min(size, Math.ceil(high + margin))];
  };
  const [x0, x1] = range(0, dem.width);
  const [y0, y1] = range(1, dem.height);
  if (x1 > x0 && y1 > y0) return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
  throw new TiepointError('no-overlap', `${dem.name}: has no heights where the image lies`, {
    hint: 'Give a DEM of its ground.',
    value: dem.name,
  });
}

/** The value between the samples around (u, v), whose centres lie at whole numbers; null beyond them, and where one is missing. */
function between({ width, height, data, mask }: Plane, u: number, v: number): number | null {
  if (!(u >= -0.5 && v >= -0.5 && u <= width - 0.5 && v <= height - 0.5)) return null;
  const column = Math.max(0, Math.min(width - 2, Math.floor(u)));
  const row = Math.max(0, Math.min(height - 2, Math.floor(v)));
  const at = row * width + column;
  const [right, down] = [width > 1 ? 1 : 0, height > 1 ? width : 0];
  const corners = [at, at + right, at + down, at + down + right];
  if (corners.some((i) => mask?.[i] === 0)) return null;
  const [fx, fy] = [u - column, v - row];
  const [a, b, c, d] = corners.map((i) => data[i]!) as [number, number, number, number];
  const value = (a * (1 - fx) + b * fx) * (1 - fy) + (c * (1 - fx) + d * fx) * fy;
  return Number.isFinite(value) ? value : null;
}
