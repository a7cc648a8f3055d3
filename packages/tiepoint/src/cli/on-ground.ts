import { placedOnGround, type RasterFile } from '@tiepoint/raster';
import { openImage } from './open-image.js';
import type { CliSession } from './session.js';

/** The DEM that is named, open; null where none is. @throws TiepointError of opening. */
export async function openDem(
  path: string | undefined,
  session: Pick<CliSession, 'signal' | 'open'>,
): Promise<RasterFile | null> {
  return path === undefined ? null : openImage(path, session);
}

/** Two images, those with RPCs on the ground of a DEM where there is one. @throws TiepointError of reading it. */
export async function onGround(
  dem: RasterFile | null,
  images: { readonly reference: RasterFile; readonly sensed: RasterFile },
  signal: AbortSignal,
): Promise<{ readonly reference: RasterFile; readonly sensed: RasterFile }> {
  if (dem === null) return images;
  return {
    reference: await placedOnGround(images.reference, dem, signal),
    sensed: await placedOnGround(images.sensed, dem, signal),
  };
}
