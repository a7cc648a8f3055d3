import type { PixelSource } from './pixel-source.js';
import type { BandInfo, PixelWindow } from './raster-file.js';

/** Mask samples read at a time where a reduced image takes its mask from the full one. */
const maskPixels = 2 ** 24;

/** Pixels with another description of the bands. */
export function withBands(pixels: PixelSource, bands: readonly BandInfo[]): PixelSource {
  return { ...pixels, bands };
}

/** Pixels with the reduced versions of another file of the same bands; those that do not fit are left out. */
export function withLevelsOf(pixels: PixelSource, other: PixelSource): PixelSource {
  const [full] = pixels.levels;
  const alike =
    other.bands.length === pixels.bands.length &&
    other.bands.every(({ dataType }, i) => dataType === pixels.bands[i]!.dataType);
  const fits = other.levels.flatMap((level, index) =>
    alike && level.width < full!.width && level.height < full!.height ? [{ level, index }] : [],
  );
  if (fits.length === 0) return pixels;
  return {
    ...pixels,
    levels: [full!, ...fits.map(({ level }) => level)],
    read: (level, bands, window, signal) =>
      level === 0 ? pixels.read(0, bands, window, signal) : other.read(fits[level - 1]!.index, bands, window, signal),
    readParts:
      pixels.readParts &&
      other.readParts &&
      ((level, bands, window, signal) =>
        level === 0
          ? pixels.readParts!(0, bands, window, signal)
          : other.readParts!(fits[level - 1]!.index, bands, window, signal)),
  };
}

/** Pixels whose validity is the first band of another file of the same size: what is not zero is valid. */
export function withMaskOf(pixels: PixelSource, mask: PixelSource): PixelSource {
  const masked =
    (read: PixelSource['read']): PixelSource['read'] =>
    async (level, bands, window, signal) => {
      const { data } = await read(level, bands, window, signal);
      return { data, mask: await readMask(mask, pixels.levels[level]!, window, signal) };
    };
  return { ...pixels, read: masked(pixels.read), readParts: pixels.readParts && masked(pixels.readParts) };
}

async function readMask(
  mask: PixelSource,
  size: { readonly width: number; readonly height: number },
  window: PixelWindow,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const same = mask.levels.findIndex((level) => level.width === size.width && level.height === size.height);
  const out = new Uint8Array(window.width * window.height);
  if (same >= 0) {
    const [samples] = (await mask.read(same, [0], window, signal)).data;
    for (let i = 0; i < out.length; i++) out[i] = samples![i] === 0 ? 0 : 1;
    return out;
  }
  // The nearest sample of the full mask, rows at a time.
  const [full] = mask.levels;
  const [scaleX, scaleY] = [full!.width / size.width, full!.height / size.height];
  const column = (x: number): number => Math.min(full!.width - 1, Math.floor((window.x + x + 0.5) * scaleX));
  const row = (y: number): number => Math.min(full!.height - 1, Math.floor((window.y + y + 0.5) * scaleY));
  const [x0, width] = [column(0), column(window.width - 1) - column(0) + 1];
  const step = Math.max(1, Math.floor(maskPixels / (width * scaleY)));
  for (let y = 0; y < window.height; y += step) {
    const last = Math.min(window.height, y + step) - 1;
    const part = { x: x0, y: row(y), width, height: row(last) - row(y) + 1 };
    const [samples] = (await mask.read(0, [0], part, signal)).data;
    for (let r = y; r <= last; r++) {
      const from = (row(r) - part.y) * width - x0;
      for (let x = 0; x < window.width; x++) out[r * window.width + x] = samples![from + column(x)] === 0 ? 0 : 1;
    }
  }
  return out;
}
