import { type ByteSource, readExactly } from '../../source/byte-source.js';
import { contentOver, pickBands } from './encoded-image.js';
import type { PixelSource } from '../pixel-source.js';
import type { RasterContent } from '../raster-content.js';
import { type BandInfo, plainBand } from '../raster-file.js';

/**
 * Opens a PNG, JPEG or WebP with the browser's own decoders: always red, green, blue and alpha of 8 bits,
 * because a canvas has nothing else. A warning says so for PNG, which may hold 16 bits.
 */
export async function openBrowserImage(
  source: ByteSource,
  format: 'PNG' | 'JPEG' | 'WEBP',
  signal?: AbortSignal,
): Promise<RasterContent> {
  const bytes = await readExactly(source, 0, source.size, signal);
  const blob = new Blob([new Uint8Array(bytes)], { type: `image/${format.toLowerCase()}` });
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const hasAlpha = format !== 'JPEG';
  const names = (['red', 'green', 'blue', 'alpha'] as const).slice(0, hasAlpha ? 4 : 3);
  const bands = names.map((colorInterpretation, i): BandInfo => ({
    ...plainBand,
    index: i + 1,
    dataType: 'uint8',
    colorInterpretation,
  }));
  const pixels: PixelSource = {
    name: source.name,
    bands,
    levels: [{ width, height, blockHeight: height }],
    read: async (_level, wanted, window) => {
      const { data } = context.getImageData(window.x, window.y, window.width, window.height);
      return pickBands({ data, channels: 4 }, wanted, hasAlpha ? 3 : -1, window);
    },
  };
  const content = contentOver(pixels, source, format, hasAlpha);
  return format === 'PNG' ? { ...content, warnings: ['the browser decodes PNG to 8 bits'] } : content;
}
