import { type Plane, TiepointError } from '@tiepoint/geometry';
import type { PixelWindow, RasterFile } from '@tiepoint/raster';

/** Refuses a mask that does not lie on its image pixel on pixel. @throws TiepointError `mask-mismatch`. */
export function checkMask(mask: RasterFile, image: RasterFile): void {
  if (mask.width === image.width && mask.height === image.height) return;
  throw new TiepointError(
    'mask-mismatch',
    `${mask.name}: a mask of ${mask.width}×${mask.height} px does not fit ${image.name}, which has ${image.width}×${image.height} px`,
    {
      hint: 'Give a mask of the same size as its image, pixel on pixel; gdalwarp -ts WIDTH HEIGHT -r near makes one.',
      value: mask.name,
    },
  );
}

/**
 * Leaves out of a plane what a mask does not call valid: where it is zero or nodata itself. What the image's own mask or nodata
 * value leaves out stays left out.
 *
 * @param mask - of the size of the file that the plane was read from, which may be larger
 * @param window - of the file that the plane covers; all of it unless given
 */
export async function withMask(
  plane: Plane,
  mask: RasterFile,
  signal?: AbortSignal,
  window?: PixelWindow,
): Promise<Plane> {
  const { width, height } = plane;
  const read = await mask.readPlane({
    width,
    height,
    resampling: 'nearest',
    window,
    signal,
  });
  const valid = Uint8Array.from(read.data, (v, i) =>
    v !== 0 && (read.mask?.[i] ?? 1) === 1 && (plane.mask?.[i] ?? 1) === 1 ? 1 : 0,
  );
  return { ...plane, mask: valid };
}
