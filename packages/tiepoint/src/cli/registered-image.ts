import { extname } from 'node:path';
import { TiepointError, type Transform } from '@tiepoint/geometry';
import { type ReferenceGrid, warp, type WarpResult } from '@tiepoint/raster';
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
  if (!/^\.tiff?$/i.test(extname(output))) {
    throw new TiepointError('output-unsupported', `${output}: images are written as GeoTIFF only`, {
      hint: 'Give the output a name that ends with .tif.',
      value: output,
    });
  }
  readCreationOptions(flags.co);
}

/** Warps the sensed image by a transform onto the grid of the reference. @throws TiepointError of reading and writing. */
export async function writeRegisteredImage(
  image: RegisteredImage,
  flags: ImageOutputFlags,
  session: CliSession,
): Promise<WarpResult> {
  return warp(image.sensed, image.output, {
    ...readCreationOptions(flags.co),
    sensedToReference: image.sensedToReference,
    reference: image.reference,
    resampling: flags.resampling === 'near' ? 'nearest' : flags.resampling,
    format: flags.of,
    overwrite: image.overwrite,
    signal: session.signal,
    onProgress: ({ fraction }) => session.progress(`writing ${image.output}: ${Math.round(100 * fraction)} %`),
    ...(image.bands === undefined ? {} : { bands: image.bands }),
    ...(flags.dstCrs === undefined ? {} : { dstCrs: flags.dstCrs }),
  });
}
