import type { Transform } from '@tiepoint/geometry';
import type { RasterFile, ReferenceGrid, WarpResult } from '@tiepoint/raster';
import type { Output, OutputContext } from './output.js';

/** What a warped image is written from. */
export interface ImageContext extends OutputContext {
  readonly sensed: RasterFile;
  readonly reference: ReferenceGrid;
  /** Null where the registration was refused. */
  readonly sensedToReference: Transform | null;
  /** What the image says of the registration; see `metadataItems`. */
  readonly items: Readonly<Record<string, string>>;
  /** Bands from 1; all where absent. */
  readonly bands?: readonly number[] | undefined;
  /** Told what was written, but for a `.vrt`. */
  readonly onWritten?: ((result: WarpResult) => void) | undefined;
}

/** The sensed image on the grid of the reference; none where the registration was refused. */
export const imageOutput: Output<ImageContext> = {
  flag: 'output',
  option: '[output]',
  description:
    'the sensed image on the grid of the reference (.tif, or .vrt to warp when read); not written when refused',
  check: async (path, flags) => {
    const [{ requireEnding }, { readCreationOptions }] = [
      await import('./ending.js'),
      await import('./creation-options.js'),
    ];
    const hint = 'Give the output a name that ends with .tif or .vrt.';
    requireEnding(path, /\.(tiff?|vrt)$/i, 'images are written as GeoTIFF or VRT', hint);
    readCreationOptions(flags.co);
  },
  write: async (path, context) => {
    const { sensedToReference } = context;
    if (sensedToReference === null) return false;
    const { writeRegisteredImage } = await import('./registered-image.js');
    const written = await writeRegisteredImage(path, { ...context, sensedToReference });
    if (written !== null) context.onWritten?.(written);
    return true;
  },
};
