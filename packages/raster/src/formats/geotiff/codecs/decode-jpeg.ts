import { TiepointError } from '@tiepoint/geometry';
import type { BlockContext } from '../read/decoder.js';

/** Decodes one JPEG strip or tile of a TIFF (compression 7), merging the file's JPEGTables. */
export async function decodeJpegBlock(bytes: Uint8Array, context: BlockContext): Promise<Uint8Array> {
  return decodeImage(withTables(bytes, context), context, 'image/jpeg');
}

/** Decodes one WebP strip or tile of a TIFF (compression 50001). */
export async function decodeWebpBlock(bytes: Uint8Array, context: BlockContext): Promise<Uint8Array> {
  return decodeImage(bytes, context, 'image/webp');
}

/**
 * Puts the shared tables and Adobe's marker in front of the scan. The marker says whether the components are YCbCr
 * or as they are; without it decoders guess from component numbers, which TIFF writers do not keep to.
 */
function withTables(bytes: Uint8Array, context: BlockContext): Uint8Array {
  // Both begin with SOI (2 bytes); the tables end with EOI (2 bytes).
  const tables = context.jpegTables ? context.jpegTables.subarray(2, context.jpegTables.length - 2) : new Uint8Array(0);
  const yCbCr = context.photometric === 6 ? 1 : 0;
  const adobe = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, yCbCr];
  const marker = context.samples === 3 ? adobe : [];
  const out = new Uint8Array(2 + marker.length + tables.length + Math.max(0, bytes.length - 2));
  out.set([0xff, 0xd8]);
  out.set(marker, 2);
  out.set(tables, 2 + marker.length);
  out.set(bytes.subarray(2), 2 + marker.length + tables.length);
  return out;
}

async function decodeImage(bytes: Uint8Array, context: BlockContext, type: string): Promise<Uint8Array> {
  if (typeof process === 'undefined' || !process.versions?.node) return decodeInBrowser(bytes, context, type);
  const { default: sharp } = await import('sharp');
  const limit = context.width * context.height * 2;
  const image = sharp(bytes, { limitInputPixels: limit, failOn: 'error', sequentialRead: true, ignoreIcc: true });
  // Four components are bands here, not inks: the pipeline must not turn them into red, green and blue.
  const inks = isFourBands(type, context);
  const { data, info } = await (inks ? image.pipelineColourspace('cmyk').toColourspace('cmyk') : image)
    .raw()
    .toBuffer({ resolveWithObject: true });
  // Inks are decoded as light that is left.
  if (inks) for (let i = 0; i < data.length; i++) data[i] = 255 - data[i]!;
  return fit(data, info.width, info.height, info.channels, context);
}

function isFourBands(type: string, context: BlockContext): boolean {
  return type === 'image/jpeg' && context.samples === 4;
}

async function decodeInBrowser(bytes: Uint8Array, context: BlockContext, type: string): Promise<Uint8Array> {
  if (isFourBands(type, context)) {
    throw new TiepointError('unsupported-compression', 'JPEG of four bands cannot be read in a browser', {
      hint: 'Rewrite the file: gdal_translate -co COMPRESS=DEFLATE in.tif out.tif',
      value: context.samples,
    });
  }
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type }), { colorSpaceConversion: 'none' });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context2d = canvas.getContext('2d')!;
  context2d.drawImage(bitmap, 0, 0);
  const pixels = context2d.getImageData(0, 0, bitmap.width, bitmap.height);
  return fit(pixels.data, bitmap.width, bitmap.height, 4, context);
}

/** Copies decoded pixels into the block's own width and number of samples. */
function fit(
  data: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: number,
  context: BlockContext,
): Uint8Array {
  const { samples } = context;
  const rows = Math.min(height, context.height);
  const columns = Math.min(width, context.width);
  const out = new Uint8Array(context.width * rows * samples);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const from = (y * width + x) * channels;
      const to = (y * context.width + x) * samples;
      for (let s = 0; s < samples; s++) out[to + s] = s < channels ? data[from + s]! : 255;
    }
  }
  return out;
}
