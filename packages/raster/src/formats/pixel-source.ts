import { TiepointError } from '@tiepoint/geometry';
import type { SampleArray } from './data-type.js';
import type { BandInfo, PixelWindow } from './raster-file.js';

/** Samples of a window and the dataset mask over it. */
export interface NativePixels {
  readonly data: readonly SampleArray[];
  /** 1 = valid; null where the dataset has no mask. */
  readonly mask: Uint8Array | null;
}

/** What a format gives: windows of native samples at the levels it has. Everything else is built on this. */
export interface PixelSource {
  readonly name: string;
  readonly bands: readonly BandInfo[];
  /** Full resolution first, then overviews, largest first. */
  readonly levels: readonly { readonly width: number; readonly height: number; readonly blockHeight: number }[];
  /** Bands from 0; the window lies inside the level. */
  readonly read: (
    level: number,
    bands: readonly number[],
    window: PixelWindow,
    signal: AbortSignal | undefined,
  ) => Promise<NativePixels>;
  /** The same of complex samples, as their parts: two arrays a band, real and imaginary. Absent where that cannot be had. */
  readonly readParts?: PixelSource['read'] | undefined;
}

/** Most pixels of one result: what a caller could hold, not what a header claims. */
export const maxPixels = 2 ** 28;

/** @throws {TiepointError} `window-outside`, `image-too-large`. */
export function checkWindow(name: string, window: PixelWindow, width: number, height: number): void {
  const inside =
    [window.x, window.y, window.width, window.height].every(Number.isInteger) &&
    window.x >= 0 &&
    window.y >= 0 &&
    window.width >= 1 &&
    window.height >= 1 &&
    window.x + window.width <= width &&
    window.y + window.height <= height;
  if (!inside) {
    throw new TiepointError(
      'window-outside',
      `${name}: the window at (${window.x}, ${window.y}) of ${window.width}×${window.height} is not inside the image of ${width}×${height}`,
      { hint: 'Windows are whole pixels inside the image.', value: window },
    );
  }
}

/** @throws {TiepointError} `image-too-large`. */
export function checkPixels(name: string, width: number, height: number): void {
  if (width * height > maxPixels) {
    throw new TiepointError(
      'image-too-large',
      `${name}: ${width}×${height} pixels are more than fit in memory at once`,
      {
        hint: 'Read a window of it, or ask for a smaller width and height.',
        value: { width, height },
      },
    );
  }
}

/** The index from 0 of a band given from 1. @throws {TiepointError} `no-such-band`. */
export function bandIndex(source: { name: string; bands: readonly BandInfo[] }, band: number): number {
  if (!Number.isInteger(band) || band < 1 || band > source.bands.length) {
    throw new TiepointError('no-such-band', `${source.name}: there is no band ${band}; it has ${source.bands.length}`, {
      hint: 'Bands are numbered from 1.',
      value: band,
    });
  }
  return band - 1;
}
