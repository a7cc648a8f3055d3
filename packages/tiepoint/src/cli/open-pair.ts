import { coverByTiles, type RasterFile } from '@tiepoint/raster';
import { type NamedBand, openImage } from './open-image.js';
import { openDem, onGround } from './on-ground.js';
import type { CliSession } from './session.js';

/** Flags that say how the two images are opened. */
interface PairFlags {
  readonly band?: NamedBand | undefined;
  readonly referenceBand?: NamedBand | undefined;
  readonly dem?: string | undefined;
  readonly zoom?: number | undefined;
}

/** Both images, and the DEM where one is named; close them, or declare them with `await using`. */
export interface OpenPair extends AsyncDisposable {
  readonly reference: RasterFile;
  readonly sensed: RasterFile;
  readonly dem: RasterFile | null;
}

/**
 * Opens the images of a pair: of a map of tiles the part that covers the sensed image, images with RPCs on the ground of the DEM.
 *
 * @throws TiepointError of opening
 */
export async function openPair(
  referencePath: string,
  sensedPath: string,
  flags: PairFlags,
  session: Pick<CliSession, 'signal' | 'open'>,
): Promise<OpenPair> {
  const { signal } = session;
  const open: RasterFile[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((file) => file.close()));
  };
  const opened = async (file: Promise<RasterFile | null>): Promise<RasterFile | null> => {
    const found = await file;
    if (found !== null) open.push(found);
    return found;
  };
  try {
    // An error in the reference's name is told first, but for tiles, which need the sensed image.
    const tiles = /^(xyz|wmts):/i.test(referencePath);
    const early = tiles ? null : (await opened(openImage(referencePath, session, flags.referenceBand)))!;
    const sensed = (await opened(openImage(sensedPath, session, flags.band)))!;
    const covering = tiles ? await coverByTiles(referencePath, sensed, { zoom: flags.zoom, signal }) : referencePath;
    const reference = early ?? (await opened(openImage(covering, session, flags.referenceBand)))!;
    const dem = await opened(openDem(flags.dem, session));
    return { ...(await onGround(dem, { reference, sensed }, signal)), dem, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
