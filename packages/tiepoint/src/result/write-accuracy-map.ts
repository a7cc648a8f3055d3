import { TiepointError } from '@tiepoint/geometry';
import { createCog, createGeoTiff, type GeoTiffOptions, type ReferenceGrid } from '@tiepoint/raster';
import { circularSd, covarianceAt, type ErrorField } from '../model/error-field.js';

/** How a map of the predicted error is written. */
export interface AccuracyMapOptions extends Pick<
  GeoTiffOptions,
  'compression' | 'level' | 'predictor' | 'tileSize' | 'bigTiff' | 'metadata' | 'overwrite' | 'signal'
> {
  /** Default `COG`. */
  readonly format?: 'COG' | 'GTiff' | undefined;
}

/** Rows computed and written at once. */
const stripRows = 256;

/** What the samples mean, as the band's description in the file. */
export const accuracyMapDescription =
  'predicted standard deviation of the registration, px of the reference (root of the mean of the variances along x and y)';

/**
 * Writes the predicted standard deviation of a registration at the centre of every pixel of the reference: float32, px of the
 * reference, the root of the mean of the variances along x and y ({@link circularSd}); NaN is nodata. It says how well the
 * transform is known, not how far the terrain may depart from it. It stands beyond the overlap too, where it grows.
 *
 * @param reference - whose grid and georeference the map gets; without a georeference it has none either, as a registered image
 * @throws TiepointError `reference-mismatch`, `output-exists`, `output-unwritable`, `disk-full`
 */
export async function writeAccuracyMap(
  path: string,
  field: ErrorField,
  reference: ReferenceGrid,
  options: AccuracyMapOptions = {},
): Promise<void> {
  const { width, height, georeference } = reference;
  if (field.width !== width || field.height !== height) {
    throw new TiepointError(
      'reference-mismatch',
      `the error is predicted for ${field.width} × ${field.height} px, the reference has ${width} × ${height} px`,
      { hint: 'Give the reference image that was registered.', value: [width, height] },
    );
  }
  const { format = 'COG', ...writing } = options;
  await using writer = await (format === 'COG' ? createCog : createGeoTiff)(path, {
    ...writing,
    width,
    height,
    bandCount: 1,
    dataType: 'float32',
    nodata: Number.NaN,
    georeference,
    bandDescriptions: [accuracyMapDescription],
  });
  for (let y = 0; y < height; y += stripRows) {
    options.signal?.throwIfAborted();
    const rows = Math.min(stripRows, height - y);
    const data = new Float32Array(width * rows);
    for (let i = 0; i < data.length; i++) {
      data[i] = circularSd(covarianceAt(field, (i % width) + 0.5, y + Math.floor(i / width) + 0.5));
    }
    await writer.write({ rows, data: [data] });
  }
  await writer.finish();
}
