import type { Transform } from '@tiepoint/geometry';
import { warp, type WarpResult, writeWarpedVrt } from '@tiepoint/raster';
import { readCreationOptions } from './creation-options.js';
import type { ImageContext } from './image.js';

/**
 * Warps the sensed image by a transform onto the grid of the reference; into a `.vrt` goes only how to, for GDAL and QGIS to
 * warp as they read.
 *
 * @returns null for a `.vrt`
 * @throws TiepointError of reading and writing
 */
export async function writeRegisteredImage(
  path: string,
  image: Omit<ImageContext, 'sensedToReference'> & { readonly sensedToReference: Transform },
): Promise<WarpResult | null> {
  const { flags, session, sensed, sensedToReference, reference, bands } = image;
  const overwrite = flags.overwrite === true;
  const resampling = flags.resampling === 'near' ? 'nearest' : flags.resampling;
  if (/\.vrt$/i.test(path)) {
    await writeWarpedVrt(sensed, path, { sensedToReference, reference, resampling, overwrite });
    return null;
  }
  return warp(sensed, path, {
    ...readCreationOptions(flags.co),
    sensedToReference,
    reference,
    resampling,
    format: flags.of ?? 'COG',
    overwrite,
    signal: session.signal,
    onProgress: ({ fraction }) => session.progress(`writing ${path}: ${Math.round(100 * fraction)} %`),
    bands,
    dstCrs: flags.dstCrs,
  });
}
