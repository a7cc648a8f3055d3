import { crsFromGeoKeys, isPixelIsPoint, parseGeoKeys } from './geokeys.js';
import { type GeoKeys } from './geokey.js';
import type { Crs } from './crs.js';
import { type Georeference, geotransformFromGcps, type GroundControlPoint } from './georeference.js';
import { invertGeoTransform, windowGeoTransform } from './geotransform.js';
import type { Geotransform } from '@tiepoint/geometry';
import { readNumbers, readText, type Tiff, type TiffDirectory } from '../formats/geotiff/read/tiff-directory.js';
import { Tag } from '../formats/geotiff/tiff-tags.js';

/** What a TIFF's own tags say about its place; `geotransform` is null where only a CRS stands there. */
export interface TiffPlacement {
  readonly crs: Crs | null;
  readonly keys: GeoKeys | null;
  readonly geotransform: Geotransform | null;
  readonly gcps: readonly GroundControlPoint[];
  /** Whether the scale of y was negative, which is taken for positive. */
  readonly isScaleNegative: boolean;
}

/** Reads geokeys, tiepoints, pixel scale and transformation; PixelIsPoint is shifted to the corner convention. */
export async function readTiffPlacement(
  tiff: Tiff,
  directory: TiffDirectory,
  signal?: AbortSignal,
): Promise<TiffPlacement> {
  const numbers = (tag: number): Promise<number[] | null> => readNumbers(tiff, directory, tag, undefined, signal);
  const geoDirectory = await numbers(Tag.geoKeyDirectory);
  const doubles = (await numbers(Tag.geoDoubleParams)) ?? [];
  const ascii = (await readText(tiff, directory, Tag.geoAsciiParams, signal)) ?? '';
  const keys = geoDirectory && parseGeoKeys(geoDirectory, doubles, ascii);
  const shift = keys && isPixelIsPoint(keys) ? 0.5 : 0;
  const matrix = await numbers(Tag.modelTransformation);
  const scale = await numbers(Tag.modelPixelScale);
  const tiepoints = (await numbers(Tag.modelTiepoint)) ?? [];
  let isScaleNegative = false;
  let geotransform: Geotransform | null = null;
  let gcps: GroundControlPoint[] = [];
  if (scale && scale.length >= 2 && scale[0] !== 0 && scale[1] !== 0 && tiepoints.length >= 6) {
    const [i, j, , x, y] = tiepoints as [number, number, number, number, number];
    const [sx, sy] = scale as [number, number];
    // By the specification a negative scale would make rows run north, but whoever writes one means a common file, as GDAL has it.
    isScaleNegative = sy < 0;
    geotransform = [x - i * sx, sx, 0, y + j * Math.abs(sy), 0, -Math.abs(sy)];
  } else if (matrix && matrix.length >= 8) {
    const m = matrix as [number, number, number, number, number, number, number, number];
    geotransform = [m[3], m[0], m[1], m[7], m[4], m[5]];
  } else {
    gcps = controlPoints(tiepoints);
  }
  if (geotransform && shift) geotransform = windowGeoTransform(geotransform, -shift, -shift);
  if (geotransform && (!geotransform.every(Number.isFinite) || !invertGeoTransform(geotransform))) geotransform = null;
  if (shift) gcps = gcps.map((p) => ({ ...p, x: p.x + shift, y: p.y + shift }));
  return { crs: keys && (await crsFromGeoKeys(keys)), keys, geotransform, gcps, isScaleNegative };
}

/** The georeference of a placement; null where it has neither a geotransform nor enough control points. */
export function georeferenceOf(placement: TiffPlacement): Georeference | null {
  const { crs, geotransform, gcps } = placement;
  if (geotransform) return { crs, geotransform, origin: 'file' };
  const fitted = geotransformFromGcps(gcps);
  return fitted && { crs, geotransform: fitted, gcps, origin: 'gcps' };
}

function controlPoints(tiepoints: readonly number[]): GroundControlPoint[] {
  const out: GroundControlPoint[] = [];
  for (let i = 0; i + 6 <= tiepoints.length; i += 6) {
    const [x, y, , mapX, mapY, mapZ] = tiepoints.slice(i, i + 6) as [number, number, number, number, number, number];
    out.push({ id: String(out.length + 1), x, y, mapX, mapY, mapZ });
  }
  return out.every((p) => Object.values(p).every((v) => typeof v === 'string' || Number.isFinite(v))) ? out : [];
}
