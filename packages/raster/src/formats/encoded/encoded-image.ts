import { TiepointError } from '@tiepoint/geometry';
import type sharpFactory from 'sharp';
import type { ByteSource } from '../../source/byte-source.js';
import { readExactly } from '../../source/byte-source.js';
import { withMaskOf } from '../sidecar-pixels.js';
import { jpegMask } from './jpeg-mask.js';
import type { DataType, SampleArray } from '../data-type.js';
import { maxPixels, type NativePixels, type PixelSource } from '../pixel-source.js';
import type { RasterContent } from '../raster-content.js';
import { type BandInfo, type ColorInterpretation, type PixelWindow, plainBand } from '../raster-file.js';
import type { RasterFormat } from '../raster-format.js';

/** A PNG, JPEG or WebP larger than this many bytes is not an image anyone made. */
const maxEncodedBytes = 1024 * 1024 * 1024;

/** Decoded pixels that are kept for further windows; larger images are decoded anew for each. */
const keptBytes = 256 * 1024 * 1024;

function startsWith(head: Uint8Array, offset: number, text: string): boolean {
  return [...text].every((char, i) => head[offset + i] === char.codePointAt(0));
}

function encodedFormat(
  name: 'PNG' | 'JPEG' | 'WEBP',
  about: RasterFormat['about'],
  sniff: RasterFormat['sniff'],
): RasterFormat {
  return { name, about, sniff, open: (source, { signal }) => openEncodedImage(source, name, signal) };
}

const asStored = 'Pixels as stored: no colour management, no turning by EXIF. In a browser 8 bits always';

/** Portable Network Graphics. */
export const pngFormat = encodedFormat(
  'PNG',
  { title: 'PNG', names: '`.png`', reads: `8 and 16 bits; alpha is the mask. ${asStored}`, not: '' },
  (head) => head[0] === 0x89 && startsWith(head, 1, 'PNG'),
);
/** JPEG files; JPEG 2000 is another format. */
export const jpegFormat = encodedFormat(
  'JPEG',
  { title: 'JPEG', names: '`.jpg`', reads: `8 bits, with the mask that GDAL appends. ${asStored}`, not: '' },
  (head) => head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff,
);
/** WebP. */
export const webpFormat = encodedFormat(
  'WEBP',
  { title: 'WebP', names: '`.webp`', reads: `8 bits; alpha is the mask. ${asStored}`, not: '' },
  (head) => startsWith(head, 0, 'RIFF') && startsWith(head, 8, 'WEBP'),
);

/**
 * Opens a PNG, JPEG or WebP. Pixels are as stored: no colour management and no rotation by EXIF; palettes are expanded.
 * @throws {TiepointError} `file-truncated`, `file-corrupt`, `image-too-large`.
 */
async function openEncodedImage(
  source: ByteSource,
  format: 'PNG' | 'JPEG' | 'WEBP',
  signal?: AbortSignal,
): Promise<RasterContent> {
  if (typeof process === 'undefined' || !process.versions?.node) {
    const { openBrowserImage } = await import('./browser-image.js');
    return openBrowserImage(source, format, signal);
  }
  if (source.size > maxEncodedBytes) throw tooLarge(source.name, source.size);
  const bytes = await readExactly(source, 0, source.size, signal);
  const { default: sharp } = await import('sharp');
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw damaged(source.name, bytes, cause);
    });
  const { width, height } = header;
  if (width * height > maxPixels) throw tooLarge(source.name, width * height);
  const wide = header.depth === 'ushort';
  const dataType: DataType = wide ? 'uint16' : 'uint8';
  const inks = header.space === 'cmyk';
  const colour = header.channels >= 3 || inks;
  const hasAlpha = header.hasAlpha;
  const names: ColorInterpretation[] = colour ? ['red', 'green', 'blue'] : ['gray'];
  if (hasAlpha) names.push('alpha');
  const bands = names.map((colorInterpretation, i): BandInfo => ({
    ...plainBand,
    index: i + 1,
    dataType,
    colorInterpretation,
  }));
  const whole = { x: 0, y: 0, width, height };
  const keeps = width * height * bands.length * (wide ? 2 : 1) <= keptBytes;
  let reads = 0;
  let kept: Promise<Decoded> | null = null;
  const pixels: PixelSource = {
    name: source.name,
    bands,
    levels: [{ width, height, blockHeight: height }],
    read: async (_level, wanted, window, inner) => {
      inner?.throwIfAborted();
      // Every window costs decoding from the first row: the second one decodes all, and the rest are cut out of that.
      reads++;
      if (keeps && reads > 1) {
        kept ??= decodeWindow(sharp, bytes, source.name, whole, { wide, colour, inks });
        return pickBands(cut(await kept, whole, window), wanted, hasAlpha ? bands.length - 1 : -1, window);
      }
      const decoded = await decodeWindow(sharp, bytes, source.name, window, { wide, colour, inks });
      inner?.throwIfAborted();
      return pickBands(decoded, wanted, hasAlpha ? bands.length - 1 : -1, window);
    },
  };
  const content = contentOver(pixels, source, format, hasAlpha);
  const mask = format === 'JPEG' ? await jpegMask(bytes, width, height) : null;
  return mask === null
    ? content
    : { ...content, maskKind: 'mask', pixels: withMaskOf(pixels, maskPixels(mask, pixels)) };
}

/** A mask as an image of its own. */
function maskPixels(mask: Uint8Array, { name, levels }: PixelSource): PixelSource {
  const whole = { x: 0, y: 0, width: levels[0]!.width, height: levels[0]!.height };
  return {
    name,
    bands: [{ ...plainBand, index: 1, dataType: 'uint8' }],
    levels,
    read: async (_level, _bands, window) => pickBands(cut({ data: mask, channels: 1 }, whole, window), [0], -1, window),
  };
}

/** The content of an image of one level over decoded pixels. */
export function contentOver(
  pixels: PixelSource,
  source: ByteSource,
  format: 'PNG' | 'JPEG' | 'WEBP',
  hasAlpha: boolean,
): RasterContent {
  return {
    format,
    pixels,
    decodesWhole: true,
    location: source.location,
    georeference: null,
    maskKind: hasAlpha ? 'alpha' : 'none',
    metadata: {},
    compression: format.toLowerCase(),
    warnings: [],
    close: () => source.close(),
  };
}

interface Decoded {
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
  readonly channels: number;
}

async function decodeWindow(
  sharp: typeof sharpFactory,
  bytes: Uint8Array,
  name: string,
  window: PixelWindow,
  kind: { wide: boolean; colour: boolean; inks: boolean },
): Promise<Decoded> {
  const { x, y, width, height } = window;
  const space = kind.wide ? (kind.colour ? 'rgb16' : 'grey16') : kind.colour ? 'srgb' : 'b-w';
  const part = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'truncated', ignoreIcc: true }).extract({
    left: x,
    top: y,
    width,
    height,
  });
  const image = (kind.inks ? part.pipelineColourspace('cmyk') : part)
    .toColourspace(kind.inks ? 'cmyk' : space)
    .raw(kind.wide ? { depth: 'ushort' } : {});
  const { data, info } = await image.toBuffer({ resolveWithObject: true }).catch((cause: unknown) => {
    throw damaged(name, bytes, cause);
  });
  if (kind.inks) return { data: lightOfInks(data), channels: 3 };
  if (!kind.wide) return { data, channels: info.channels };
  const aligned = data.byteOffset % 2 === 0 ? data : new Uint8Array(data);
  return { data: new Uint16Array(aligned.buffer, aligned.byteOffset, data.byteLength >> 1), channels: info.channels };
}

/** Red, green and blue of cyan, magenta, yellow and black, without colour management, as GDAL does it. */
function lightOfInks(inks: Uint8Array): Uint8Array {
  const out = new Uint8Array((inks.length / 4) * 3);
  for (let from = 0, to = 0; from < inks.length; from += 4) {
    const left = 255 - inks[from + 3]!;
    for (let i = 0; i < 3; i++) out[to++] = Math.floor(((255 - inks[from + i]!) * left) / 255);
  }
  return out;
}

/** A window of decoded pixels. */
function cut(decoded: Decoded, from: PixelWindow, window: PixelWindow): Decoded {
  const { data, channels } = decoded;
  const length = window.width * window.height * channels;
  const out = data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
  const row = window.width * channels;
  for (let y = 0; y < window.height; y++) {
    const at = ((window.y + y) * from.width + window.x) * channels;
    out.set(data.subarray(at, at + row), y * row);
  }
  return { data: out, channels };
}

/** Takes interleaved pixels apart into the bands asked for and a mask from alpha. */
export function pickBands(
  decoded: Decoded,
  wanted: readonly number[],
  alpha: number,
  window: PixelWindow,
): NativePixels {
  const { data, channels } = decoded;
  const count = window.width * window.height;
  const pick = (channel: number): SampleArray => {
    const out = data instanceof Uint16Array ? new Uint16Array(count) : new Uint8Array(count);
    for (let i = 0, from = channel; i < count; i++, from += channels) out[i] = data[from]!;
    return out;
  };
  let mask: Uint8Array | null = null;
  if (alpha >= 0) {
    mask = new Uint8Array(count);
    for (let i = 0, from = alpha; i < count; i++, from += channels) mask[i] = data[from] === 0 ? 0 : 1;
  }
  return { data: wanted.map(pick), mask };
}

function damaged(name: string, bytes: Uint8Array, cause: unknown): TiepointError {
  const message = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!;
  return new TiepointError(
    endsEarly(bytes) ? 'file-truncated' : 'file-corrupt',
    `${name}: the image cannot be decoded (${message})`,
    { hint: 'The file is incomplete or damaged. Fetch or copy it again.', value: message, cause },
  );
}

/** True where the format's own end is missing: PNG's IEND, JPEG's EOI, the length in WebP's header. */
function endsEarly(bytes: Uint8Array): boolean {
  const tail = bytes.subarray(-1024);
  const format = [pngFormat, jpegFormat, webpFormat].find(({ sniff }) => sniff(bytes))?.name;
  if (format === 'PNG') return !tail.some((b, i) => b === 0x49 && tail[i + 1] === 0x45 && tail[i + 2] === 0x4e);
  if (format === 'JPEG') return !tail.some((b, i) => b === 0xff && tail[i + 1] === 0xd9);
  const claimed = bytes[4]! + bytes[5]! * 2 ** 8 + bytes[6]! * 2 ** 16 + bytes[7]! * 2 ** 24;
  return claimed + 8 > bytes.length;
}

function tooLarge(name: string, value: number): TiepointError {
  return new TiepointError('image-too-large', `${name}: the image is too large to decode at once`, {
    hint: 'Rewrite it as a tiled GeoTIFF: gdal_translate -co TILED=YES -co COMPRESS=DEFLATE in out.tif',
    value,
  });
}
