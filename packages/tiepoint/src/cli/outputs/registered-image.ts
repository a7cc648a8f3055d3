import { extname } from 'node:path';
import { TiepointError, type Transform } from '@tiepoint/geometry';
import { type ReferenceGrid, warp, type WarpResult, writeWarpedVrt } from '@tiepoint/raster';
import { readCreationOptions } from './creation-options.js';
import type { ImageOutputFlags } from './image-output-options.js';
import type { CliSession } from './session.js';

/** What `writeRegisteredImage` needs beside the flags. */
export interface RegisteredImage {
  readonly sensed: string;
  readonly output: string;
  readonly sensedToReference: Transform;
  readonly reference: ReferenceGrid;
  readonly bands?: readonly number[];
  readonly overwrite: boolean;
}

/**
 * Checks before the work begins that the output's name and options make sense.
 * @throws TiepointError `output-unsupported`, `invalid-option`.
 */
export function checkImageOutput(output: string, flags: ImageOutputFlags): void {
  if (!/^\.(tiff?|vrt)$/i.test(extname(output))) {
    throw new TiepointError('output-unsupported', `${output}: images are written as GeoTIFF or VRT`, {
      hint: 'Give the output a name that ends with .tif or .vrt.',
      value: output,
    });
  }
  readCreationOptions(flags.co);
}

/**
 * Warps the sensed image by a transform onto the grid of the reference; into a `.vrt` goes only how to, for GDAL and QGIS to
 * warp as they read. @throws TiepointError of reading and writing.
 */
export async function writeRegisteredImage(
  image: RegisteredImage,
  flags: ImageOutputFlags,
  session: CliSession,
): Promise<WarpResult | null> {
  const resampling = flags.resampling === 'near' ? 'nearest' : flags.resampling;
  const { sensed, output, sensedToReference, reference, overwrite } = image;
  if (/\.vrt$/i.test(output)) {
    await writeWarpedVrt(sensed, output, { sensedToReference, reference, resampling, overwrite });
    return null;
  }
  return warp(sensed, output, {
    ...readCreationOptions(flags.co),
    sensedToReference,
    reference,
    resampling,
    format: flags.of,
    overwrite,
    signal: session.signal,
    onProgress: ({ fraction }) => session.progress(`writing ${output}: ${Math.round(100 * fraction)} %`),
    ...(image.bands === undefined ? {} : { bands: image.bands }),
    ...(flags.dstCrs === undefined ? {} : { dstCrs: flags.dstCrs }),
  });
}
