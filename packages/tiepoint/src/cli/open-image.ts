import { openRaster, type RasterFile } from '@tiepoint/raster';
import type { CliSession } from './session.js';

/** Opens an image that the user named. @throws TiepointError of opening. */
export function openImage(source: string, { signal, open }: CliSession): Promise<RasterFile> {
  return open === undefined ? openRaster(source, { signal }) : open(source, signal);
}
