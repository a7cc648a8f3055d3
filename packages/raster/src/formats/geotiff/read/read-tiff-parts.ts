import { partType, type SampleArray } from '../../data-type.js';
import type { PixelWindow } from '../../raster-file.js';
import { readTiffWindow } from './read-tiff-window.js';
import { type TiffImage, usesPredictor } from './tiff-image.js';

/** Whether complex samples of an image can be read as their parts: predictors difference them as a whole. */
export function canReadParts(image: TiffImage): boolean {
  return partType(image.dataType) !== null && (image.predictor === 1 || !usesPredictor(image.compression));
}

/**
 * Reads both parts of complex samples: two arrays a band, real and imaginary. Blocks that were never written read as 0.
 * @param bands Sample indices from 0.
 * @throws As `readTiffWindow`.
 */
export async function readTiffParts(
  image: TiffImage,
  bands: readonly number[],
  window: PixelWindow,
  signal?: AbortSignal,
): Promise<SampleArray[]> {
  const dataType = partType(image.dataType)!;
  const parts = { ...image, dataType, bitsPerSample: image.bitsPerSample / 2 };
  if (!image.planar) {
    // Both parts of each band stand side by side, as twice as many bands would.
    const asBands = { ...parts, samplesPerPixel: 2 * image.samplesPerPixel };
    const indices = bands.flatMap((band) => [2 * band, 2 * band + 1]);
    return readTiffWindow(asBands, indices, window, 0, signal);
  }
  // In planes of their own bands are as images of twice the width.
  const wide = { ...parts, width: 2 * image.width, blockWidth: 2 * image.blockWidth };
  const doubled = { ...window, x: 2 * window.x, width: 2 * window.width };
  const read = await readTiffWindow(wide, bands, doubled, 0, signal);
  return read.flatMap((pairs) => [everySecond(pairs, 0), everySecond(pairs, 1)]);
}

function everySecond(pairs: SampleArray, first: number): SampleArray {
  return pairs.filter((_, i) => i % 2 === first);
}
