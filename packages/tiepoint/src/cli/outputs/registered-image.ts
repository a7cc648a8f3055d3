import type { Transform } from '@tiepoint/geometry';
import { warp, type WarpOptions, type WarpResult, writeWarpedVrt } from '@tiepoint/raster';
import { readCreationOptions, threadsOf } from './creation-options.js';
import type { ImageContext } from './image.js';

function pairOf(values: readonly number[] | undefined): readonly [number, number] | undefined {
  return values && [values[0]!, values[1]!];
}

function extentOf(values: readonly number[] | undefined): readonly [number, number, number, number] | undefined {
  return values && [values[0]!, values[1]!, values[2]!, values[3]!];
}

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
  const { flags, session, sensed, sensedToReference, reference, bands, items } = image;
  const overwrite = flags.overwrite === true;
  const grid = flags.tr ?? flags.te ?? flags.tap ?? flags.srcNodata ?? flags.dstNodata;
  if (/\.vrt$/i.test(path)) {
    if (grid !== undefined)
      session.err('tiepoint: a .vrt keeps the grid and nodata of its files; -tr, -te, -tap and nodata are passed over');
    await writeWarpedVrt(sensed, path, {
      sensedToReference,
      reference,
      resampling: resamplingOf(flags),
      metadata: items,
      overwrite,
    });
    return null;
  }
  return warp(sensed, path, { ...warpOptionsOf(path, image), sensedToReference, reference, bands });
}

/** How flags have an image warped and written, but for what is warped and whereto. */
export function warpOptionsOf(
  path: string,
  { flags, session, items }: Pick<ImageContext, 'flags' | 'session' | 'items'>,
): Omit<WarpOptions, 'sensedToReference' | 'bands' | 'reference'> {
  const { passedOver, ...creation } = readCreationOptions(flags.co);
  const { NUM_THREADS: threads, ...otherWarpOptions } = flags.wo ?? {};
  for (const name of [...passedOver, ...Object.keys(otherWarpOptions)]) {
    session.err(`tiepoint: ${name} has no meaning here and is passed over`);
  }
  return {
    ...creation,
    ...(threads === undefined ? {} : { threads: threadsOf('NUM_THREADS', threads) }),
    resolution: pairOf(flags.tr),
    extent: extentOf(flags.te),
    alignedPixels: flags.tap,
    sourceNodata: flags.srcNodata ?? undefined,
    nodata: flags.dstNodata,
    resampling: resamplingOf(flags),
    metadata: { '': items },
    format: flags.of ?? 'COG',
    overwrite: flags.overwrite === true,
    signal: session.signal,
    onProgress: ({ fraction }) => session.progress(`writing ${path}: ${Math.round(100 * fraction)} %`),
    dstCrs: flags.dstCrs,
  };
}

/** GDAL says near. */
function resamplingOf({ resampling }: ImageContext['flags']): WarpOptions['resampling'] {
  return resampling === 'near' ? 'nearest' : resampling;
}
