import { TiepointError, type Transform } from '@tiepoint/geometry';
import { createCog } from '../formats/geotiff/write/create-cog.js';
import type { Georeference } from '../georeference/georeference.js';
import { partType } from '../formats/data-type.js';
import { createGeoTiff } from '../formats/geotiff/write/create-geotiff.js';
import { openRaster } from '../formats/open-raster.js';
import type { ReferenceGrid } from './warp-plan.js';
import { solvedGeoTransform } from './warped-vrt.js';
import type { GeoTiffOptions } from '../formats/geotiff/write/write-options.js';

/** How a copy is written. */
export interface GeoreferencedCopyOptions extends Pick<
  GeoTiffOptions,
  'compression' | 'level' | 'predictor' | 'tileSize' | 'bigTiff' | 'metadata' | 'overwrite' | 'signal'
> {
  readonly sensedToReference: Transform;
  readonly reference: ReferenceGrid;
  /** Default `COG`. */
  readonly format?: 'COG' | 'GTiff' | undefined;
}

/** Samples copied at a time. */
const stripSamples = 8 * 1024 * 1024;

/**
 * Copies an image without resampling and gives it the place an affine solution puts it: its geotransform may be rotated.
 * @returns The new georeference.
 * @throws {TiepointError} `not-affine` for other models, `no-georeference` where the reference has none.
 */
export async function writeGeoreferencedCopy(
  input: string,
  output: string,
  options: GeoreferencedCopyOptions,
): Promise<Georeference> {
  const { sensedToReference, reference, format = 'COG', ...writing } = options;
  if (!reference.georeference) {
    throw new TiepointError('no-georeference', 'the reference image has no georeference', {
      hint: 'Warp onto the reference grid instead.',
    });
  }
  const geotransform = solvedGeoTransform(sensedToReference, reference.georeference.geotransform);
  if (!geotransform) {
    throw new TiepointError('not-affine', `a ${sensedToReference.model} solution is more than a geotransform can say`, {
      hint: 'Warp the image, or write a VRT.',
      value: sensedToReference.model,
    });
  }
  await using source = await openRaster(input, options.signal ? { signal: options.signal } : {});
  const georeference: Georeference = { crs: reference.georeference.crs, geotransform, origin: 'file' };
  const { width, height, bands } = source;
  const kept = bands.filter((b) => b.colorInterpretation !== 'alpha');
  const masked = source.maskKind === 'mask' || source.maskKind === 'alpha';
  const part = partType(kept[0]!.dataType);
  const complex = part !== null && source.hasParts && kept.every((b) => b.dataType === kept[0]!.dataType);
  const dataType = complex ? part : part === null ? kept[0]!.dataType : 'float32';
  const create = format === 'COG' ? createCog : createGeoTiff;
  await using writer = await create(output, {
    ...writing,
    width,
    height,
    bandCount: complex ? 2 * kept.length : kept.length,
    complex,
    dataType,
    georeference,
    nodata: masked || complex ? null : kept[0]!.nodata,
    mask: masked,
    rgb: kept.length >= 3 && kept[0]!.colorInterpretation === 'red',
    bandDescriptions: kept.map((b) => b.name),
    scales: kept.map((b) => b.scale),
    offsets: kept.map((b) => b.offset),
  });
  const rows = Math.max(1, Math.floor(stripSamples / (width * kept.length)));
  for (let y = 0; y < height; y += rows) {
    const window = { x: 0, y, width, height: Math.min(rows, height - y) };
    const read = await source.readWindow({
      bands: kept.map((b) => b.index),
      window,
      complex: complex ? 'parts' : 'magnitude',
      signal: options.signal,
    });
    await writer.write({ rows: window.height, data: read.data, mask: read.mask });
  }
  await writer.finish();
  return georeference;
}
