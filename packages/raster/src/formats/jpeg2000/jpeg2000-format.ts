import { TiepointError } from '@tiepoint/geometry';
import type { ByteSource } from '../../source/byte-source.js';
import type { OpenContext } from '../beside.js';
import { allocateSamples, bytesPerSample, type DataType } from '../data-type.js';
import { maxPixels, type NativePixels, type PixelSource } from '../pixel-source.js';
import type { RasterContent } from '../raster-content.js';
import { type BandInfo, type ColorInterpretation, type PixelWindow, plainBand } from '../raster-file.js';
import type { RasterFormat } from '../raster-format.js';
import { type Codestream, readCodestream, tileBounds, tileCodestream } from './codestream.js';
import { decodeCodestream, type DecodedSamples } from './decode-codestream.js';
import { boxContent, type Jp2Box, readBoxes } from './jp2-boxes.js';
import { readJp2Georeference } from './jp2-georeference.js';
import { readJp2Palette } from './jp2-palette.js';

/** JPEG 2000, in its JP2 container or as a bare codestream. */
export const jpeg2000Format: RasterFormat = {
  name: 'JP2OpenJPEG',
  about: {
    title: 'JPEG 2000',
    names: '`.jp2`, `.j2k`',
    reads:
      "JP2 files (Sentinel-2's own) and bare codestreams, one or three bands of up to 16 bits, lossless and lossy, palettes; tile by tile, at every resolution in the file. Georeference by GeoJP2, then GMLJP2",
    not: 'two or more than three bands, more than 16 bits: `gdal_translate -co COMPRESS=DEFLATE -co TILED=YES in.jp2 out.tif`. A file in one tile is decoded whole',
  },
  sniff: isJpeg2000,
  open: openJpeg2000,
};

/** Decoded tiles of all open files that are kept for further windows, bytes; products have a file a band. */
const keptBytes = 96 * 1024 * 1024;
/** What a header may claim of a tile, beyond what is small enough for any. */
const freePixels = 2 ** 22;
const mostPixelsPerByte = 2 ** 16;
/** Reduced images get no smaller than this, px along the longer side. */
const smallestSide = 64;

function isJpeg2000(head: Uint8Array): boolean {
  const isStream = head[0] === 0xff && head[1] === 0x4f && head[2] === 0xff && head[3] === 0x51;
  return isStream || String.fromCodePoint(...head.subarray(4, 8)) === 'jP  ';
}

async function openJpeg2000(source: ByteSource, { signal }: OpenContext): Promise<RasterContent> {
  const head = await source.read(0, 12, signal);
  const boxes = head[0] === 0xff ? [] : await readBoxes(source, 0, source.size, signal);
  const place = boxes.length === 0 ? { offset: 0, length: source.size } : boxes.find(({ type }) => type === 'jp2c');
  if (!place) {
    throw new TiepointError('file-corrupt', `${source.name}: a JP2 file without a codestream`, {
      hint: 'The file is incomplete or damaged. Fetch or copy it again.',
      value: boxes.map(({ type }) => type),
    });
  }
  const stream = await readCodestream(source, place.offset, place.offset + place.length, signal);
  const dataType = dataTypeOf(stream, source.name);
  if (stream.tileWidth * stream.tileHeight * stream.components.length > maxPixels) {
    throw new TiepointError('image-too-large', `${source.name}: one tile of it is too large to decode at once`, {
      hint: 'Rewrite it in tiles: gdal_translate -of COG in.jp2 out.tif',
      value: [stream.tileWidth, stream.tileHeight],
    });
  }
  const bands = await describeBands(source, boxes, stream, dataType, signal);
  return {
    format: 'JP2OpenJPEG',
    pixels: tilePixels(source, stream, bands),
    decodesWhole: false,
    location: source.location,
    georeference: await readJp2Georeference(source, boxes, signal),
    maskKind: 'none',
    metadata: {},
    compression: 'jpeg 2000',
    warnings: [],
    close: () => source.close(),
  };
}

function dataTypeOf({ components }: Codestream, name: string): DataType {
  if (components.length !== 1 && components.length !== 3) {
    throw new TiepointError('unsupported-format', `${name}: JPEG 2000 of ${components.length} bands`, {
      hint: 'One or three are read. Convert it first: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES in.jp2 out.tif',
      value: components.length,
    });
  }
  const bits = Math.max(...components.map((c) => c.bits));
  const { signed } = components[0]!;
  if (bits > 16 || components.some((c) => c.signed !== signed || c.bits > 8 !== bits > 8)) {
    throw new TiepointError('unsupported-format', `${name}: samples of ${bits} bits, or of different kinds`, {
      hint: 'Convert it first: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES in.jp2 out.tif',
      value: bits,
    });
  }
  return bits > 8 ? (signed ? 'int16' : 'uint16') : signed ? 'int8' : 'uint8';
}

/** Colours by the colour space of the header. */
async function describeBands(
  source: ByteSource,
  boxes: readonly Jp2Box[],
  { components }: Codestream,
  dataType: DataType,
  signal: AbortSignal | undefined,
): Promise<BandInfo[]> {
  const header = boxes.find(({ type }) => type === 'jp2h');
  const inner = header ? await readBoxes(source, header.offset, header.offset + header.length, signal) : [];
  const box = inner.find(({ type }) => type === 'colr');
  const colour = box ? await boxContent(source, box, 16, signal) : null;
  // Method 1 names the space: 16 is sRGB, 18 its YCC.
  const isColour = components.length === 3 && (colour?.[0] !== 1 || colour[6] === 16 || colour[6] === 18);
  const colorTable = components.length === 1 ? await readJp2Palette(source, inner, signal) : null;
  return components.map((_, i): BandInfo => {
    const alone: ColorInterpretation = colorTable ? 'palette' : components.length === 1 ? 'gray' : 'undefined';
    const colorInterpretation = isColour ? (['red', 'green', 'blue'] as const)[i]! : alone;
    return { ...plainBand, index: i + 1, dataType, colorInterpretation, colorTable };
  });
}

function tilePixels(source: ByteSource, stream: Codestream, bands: readonly BandInfo[]): PixelSource {
  const halved = (length: number, level: number): number => Math.ceil(length / 2 ** level);
  const levels = Array.from({ length: stream.halvings + 1 }, (_, level) => ({
    width: halved(stream.width, level),
    height: halved(stream.height, level),
    blockHeight: Math.max(1, halved(stream.tileHeight, level)),
  })).filter(({ width, height }, level) => level === 0 || Math.max(width, height) >= smallestSide);
  const decode = tileDecoder(source, stream);
  const read = async (
    level: number,
    wanted: readonly number[],
    window: PixelWindow,
    signal: AbortSignal | undefined,
  ): Promise<NativePixels> => {
    const out = wanted.map((band) => allocateSamples(bands[band]!.dataType, window.width * window.height));
    for (const index of stream.tiles.keys()) {
      const bounds = tileBounds(stream, index);
      const [left, right] = [halved(bounds.left, level), halved(bounds.right, level)];
      const [top, bottom] = [halved(bounds.top, level), halved(bounds.bottom, level)];
      const [x0, x1] = [Math.max(left, window.x), Math.min(right, window.x + window.width)];
      const [y0, y1] = [Math.max(top, window.y), Math.min(bottom, window.y + window.height)];
      if (x0 >= x1 || y0 >= y1) continue;
      signal?.throwIfAborted();
      const samples = await decode(index, level, (right - left) * (bottom - top), signal);
      // A tile that was never written stays zero.
      if (samples === null) continue;
      const count = stream.components.length;
      for (const [slot, band] of wanted.entries()) {
        for (let y = y0; y < y1; y++) {
          let from = ((y - top) * (right - left) + x0 - left) * count + band;
          let to = (y - window.y) * window.width + x0 - window.x;
          for (const end = to + x1 - x0; to < end; to++, from += count) out[slot]![to] = samples[from]!;
        }
      }
    }
    return { data: out, mask: null };
  };
  return { name: source.name, bands, levels, read };
}

/** The tiles that are kept, the last used at the end, and what they take. */
const keptTiles = new Map<object, { readonly tile: Promise<DecodedSamples>; readonly bytes: number }>();
let taken = 0;

function forgetTile(key: object): void {
  taken -= keptTiles.get(key)?.bytes ?? 0;
  keptTiles.delete(key);
}

function keepTile(key: object, tile: Promise<DecodedSamples>, bytes: number): void {
  forgetTile(key);
  keptTiles.set(key, { tile, bytes });
  taken += bytes;
  for (const oldest of keptTiles.keys()) {
    if (taken <= keptBytes || oldest === key) break;
    forgetTile(oldest);
  }
}

/** Decodes tiles, and keeps the last ones: windows that follow each other share them. */
function tileDecoder(
  source: ByteSource,
  stream: Codestream,
): (index: number, level: number, pixels: number, signal?: AbortSignal) => Promise<DecodedSamples | null> {
  const keys = new Map<string, object>();
  const sample = bytesPerSample(dataTypeOf(stream, source.name)) * stream.components.length;
  return async (index, level, pixels, signal) => {
    const bytes = stream.tiles[index]!.reduce((sum, { length }) => sum + length, 0);
    if (bytes === 0) return null;
    if (pixels > freePixels && pixels > bytes * mostPixelsPerByte) {
      throw new TiepointError('file-corrupt', `${source.name}: a tile of ${bytes} bytes cannot hold ${pixels} pixels`, {
        hint: 'The file is damaged. Fetch or copy it again.',
        value: bytes,
      });
    }
    const name = `${level} ${index}`;
    const key = keys.get(name) ?? {};
    keys.set(name, key);
    const tile =
      keptTiles.get(key)?.tile ??
      tileCodestream(source, stream, index, signal).then((encoded) =>
        decodeCodestream(encoded, level, pixels, source.name),
      );
    keepTile(key, tile, pixels * sample);
    return tile.catch((error: unknown) => {
      forgetTile(key);
      throw error;
    });
  };
}
