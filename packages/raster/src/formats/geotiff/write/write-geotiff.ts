import type { Plane } from '@tiepoint/geometry';
import type { SampleArray } from '../../data-type.js';
import { createGeoTiff } from './create-geotiff.js';
import type { GeoTiffOptions } from './write-options.js';

/** An image in memory, to be written whole. */
export interface GeoTiffImage extends Omit<GeoTiffOptions, 'bandCount'> {
  /** One array a band; other array types than the file's are rounded and clamped. */
  readonly bands: readonly (SampleArray | Plane)[];
  /** 1 = valid. Written as nodata where there is a nodata value, else as a mask band. Default: that of the first plane that has one. */
  readonly validity?: Uint8Array;
}

/**
 * Writes a tiled GeoTIFF: temporary name, flush, rename.
 * @throws {TiepointError} `output-exists`, `output-unwritable`, `disk-full`, `invalid-option`, `unsupported-type`.
 */
export async function writeGeoTiff(path: string, image: GeoTiffImage): Promise<void> {
  const planes = image.bands.map((band) => ('data' in band ? band : { data: band, mask: undefined }));
  const validity = image.validity ?? planes.find((p) => p.mask)?.mask;
  const masked = image.mask ?? (validity !== undefined && (image.nodata === undefined || image.nodata === null));
  await using writer = await createGeoTiff(path, { ...image, bandCount: planes.length, mask: masked });
  await writer.write({ rows: image.height, data: planes.map((p) => p.data), mask: validity });
  await writer.finish();
}
