import { TiepointError } from '@tiepoint/geometry';
import { bytesPerSample, type DataType } from '../../data-type.js';
import type { ColorTable } from '../../raster-file.js';
import { compressionTraits } from './decoder.js';
import {
  corrupt,
  hasTag,
  readBytes,
  readNumber,
  readNumbers,
  type Tiff,
  type TiffDirectory,
} from './tiff-directory.js';
import { Compression, Tag } from '../tiff-tags.js';

/** How the pixels of one directory lie in the file. */
export interface TiffImage {
  readonly tiff: Tiff;
  readonly directory: TiffDirectory;
  readonly width: number;
  readonly height: number;
  readonly samplesPerPixel: number;
  readonly bitsPerSample: number;
  readonly dataType: DataType;
  readonly compression: number;
  readonly predictor: number;
  readonly photometric: number;
  /** True where each sample has blocks of its own (PlanarConfiguration 2). */
  readonly planar: boolean;
  readonly tiled: boolean;
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  readonly fillOrder: number;
  /** ExtraSamples values: 1 and 2 are alpha. */
  readonly extraSamples: readonly number[];
  /** The palette's colours; null where there is none. */
  readonly colorTable: ColorTable | null;
  readonly jpegTables: Uint8Array | null;
  readonly lercParameters: readonly number[] | null;
  /** NewSubfileType: bit 0 a reduced image, bit 2 a mask. */
  readonly subfileType: number;
}

/** A block larger than this is refused: no sensible writer makes one, and damaged headers ask for it. */
const maxBlockBytes = 1024 * 1024 * 1024;
const maxSide = 2 ** 31 - 1;

/**
 * Reads what a directory says about its pixels, and checks that it is possible.
 * @throws {TiepointError} `file-corrupt`, `unsupported-format`, `file-truncated`.
 */
export async function readTiffImage(tiff: Tiff, directory: TiffDirectory, signal?: AbortSignal): Promise<TiffImage> {
  const number = (tag: number, fallback: number): Promise<number> => readNumber(tiff, directory, tag, fallback, signal);
  const { source } = tiff;
  const width = await number(Tag.imageWidth, 0);
  const height = await number(Tag.imageLength, 0);
  if (!isSize(width) || !isSize(height))
    throw corrupt(source, `an image of ${width}×${height} pixels`, [width, height]);
  const samplesPerPixel = await number(Tag.samplesPerPixel, 1);
  if (!isSize(samplesPerPixel) || samplesPerPixel > 65535) {
    throw corrupt(source, `${samplesPerPixel} samples per pixel`, samplesPerPixel);
  }
  const bits = (await readNumbers(tiff, directory, Tag.bitsPerSample, undefined, signal)) ?? [1];
  const bitsPerSample = bits[0] ?? 1;
  if (bits.some((b) => b !== bitsPerSample)) {
    throw unsupported(source.name, `samples of different sizes (${bits.join(', ')} bits)`, bits);
  }
  // One entry may stand for all samples of an ordinary image; thousands of samples must be listed.
  if (bits.length < samplesPerPixel && (bits.length > 1 || samplesPerPixel > 4096)) {
    throw corrupt(source, `${samplesPerPixel} samples per pixel, of which ${bits.length} are described`, bits.length);
  }
  const format = await number(Tag.sampleFormat, 1);
  const dataType = chooseDataType(bitsPerSample, format);
  if (!dataType) throw unsupported(source.name, `samples of ${bitsPerSample} bits in format ${format}`, bitsPerSample);
  const compression = await number(Tag.compression, 1);
  const planar = (await number(Tag.planarConfiguration, 1)) === 2 && samplesPerPixel > 1;
  const tiled = hasTag(directory, Tag.tileWidth) || hasTag(directory, Tag.tileOffsets);
  const blockWidth = tiled ? await number(Tag.tileWidth, 0) : width;
  const rows = tiled ? await number(Tag.tileLength, 0) : await number(Tag.rowsPerStrip, height);
  const blockHeight = tiled ? rows : Math.min(rows === 0 ? height : rows, height);
  if (!isSize(blockWidth) || !isSize(blockHeight)) {
    throw corrupt(source, `blocks of ${blockWidth}×${blockHeight} pixels`, [blockWidth, blockHeight]);
  }
  const image: TiffImage = {
    tiff,
    directory,
    width,
    height,
    samplesPerPixel,
    bitsPerSample,
    dataType,
    compression,
    predictor: await number(Tag.predictor, 1),
    photometric: await number(Tag.photometric, 1),
    planar,
    tiled,
    blockWidth,
    blockHeight,
    blocksAcross: Math.ceil(width / blockWidth),
    blocksDown: Math.ceil(height / blockHeight),
    fillOrder: await number(Tag.fillOrder, 1),
    extraSamples: (await readNumbers(tiff, directory, Tag.extraSamples, { from: 0, count: 65535 }, signal)) ?? [],
    colorTable: colorTableOf(
      (await readNumbers(tiff, directory, Tag.colorMap, { from: 0, count: 3 * 65536 }, signal)) ?? [],
    ),
    jpegTables: await readBytes(tiff, directory, Tag.jpegTables, signal),
    lercParameters: await readNumbers(tiff, directory, Tag.lercParameters, { from: 0, count: 16 }, signal),
    subfileType: await number(Tag.newSubfileType, 0),
  };
  checkBlocks(image);
  return image;
}

/** TIFF's palette: all reds, all greens, all blues, of 16 bits. */
function colorTableOf(colours: readonly number[]): ColorTable | null {
  const count = Math.floor(colours.length / 3);
  if (count === 0) return null;
  const part = (i: number): number => (colours[i] ?? 0) >> 8;
  return Array.from({ length: count }, (_, i) => [part(i), part(count + i), part(2 * count + i), 255] as const);
}

function checkBlocks(image: TiffImage): void {
  const { source } = image.tiff;
  const blockCount = image.blocksAcross * image.blocksDown * (image.planar ? image.samplesPerPixel : 1);
  const offsets = image.directory.entries.get(image.tiled ? Tag.tileOffsets : Tag.stripOffsets);
  if (!offsets) throw corrupt(source, 'it has no table of blocks', null);
  if (offsets.count < blockCount) {
    throw corrupt(source, `${blockCount} blocks are due, but ${offsets.count} are listed`, offsets.count);
  }
  const decoded = blockBytes(image);
  const single = image.compression === Compression.none;
  if (!single && decoded > maxBlockBytes) {
    throw new TiepointError('image-too-large', `${source.name}: one compressed block holds ${decoded} bytes`, {
      hint: 'Rewrite the file in tiles: gdal_translate -co TILED=YES -co COMPRESS=DEFLATE in.tif out.tif',
      value: decoded,
    });
  }
  const ofBytes = image.compression === Compression.jpeg || image.compression === Compression.webp;
  if (ofBytes && image.bitsPerSample !== 8) {
    throw unsupported(source.name, `samples of ${image.bitsPerSample} bits in this compression`, image.bitsPerSample);
  }
  const predictor = image.predictor;
  const bits = image.bitsPerSample;
  const fits =
    predictor === 1 ||
    (predictor === 2 && (bits === 8 || bits === 16 || bits === 32 || bits === 64)) ||
    (predictor === 3 &&
      (bits === 16 || bits === 24 || bits === 32 || bits === 64) &&
      image.dataType.startsWith('float'));
  if (!fits && usesPredictor(image.compression)) {
    throw unsupported(source.name, `predictor ${predictor} with samples of ${bits} bits`, predictor);
  }
}

/** Predictors belong to LZW, deflate and ZSTD; with other compressions the tag is ignored. */
export function usesPredictor(compression: number): boolean {
  return (
    compression === Compression.lzw ||
    compression === Compression.deflate ||
    compression === Compression.deflateOld ||
    compression === Compression.zstd
  );
}

/** Bytes of one row of a decoded block. */
export function blockRowBytes(image: TiffImage): number {
  const samples = image.blockWidth * (image.planar ? 1 : image.samplesPerPixel);
  return isPacked(image) ? Math.ceil((samples * image.bitsPerSample) / 8) : samples * bytesPerSample(image.dataType);
}

/** Bytes of one decoded block, whole. */
function blockBytes(image: TiffImage): number {
  return blockRowBytes(image) * image.blockHeight;
}

/** True where samples do not fill whole bytes, or fill a number of bytes no array type has. */
export function isPacked(image: TiffImage): boolean {
  return bytesPerSample(image.dataType) * 8 !== image.bitsPerSample;
}

/** Where block `index` stands; a size of 0 means it was never written. */
export interface BlockLocation {
  readonly offset: number;
  readonly size: number;
}

/** Entries of the block tables read at once: neighbours are asked for soon. */
const tablePage = 2048;
const tablePages = new WeakMap<TiffDirectory, Map<number, Promise<BlockLocation[]>>>();

/**
 * Finds a block in the file, reading the tables by pages so that a window of an enormous file needs few bytes.
 * @param index Row-major over blocks; planes follow each other in planar files.
 */
export async function locateBlock(image: TiffImage, index: number, signal?: AbortSignal): Promise<BlockLocation> {
  let pages = tablePages.get(image.directory);
  if (!pages) {
    pages = new Map();
    tablePages.set(image.directory, pages);
  }
  const page = Math.floor(index / tablePage);
  let reading = pages.get(page);
  if (!reading) {
    reading = readTablePage(image, page * tablePage, signal);
    pages.set(page, reading);
    reading.catch(() => pages.delete(page));
  }
  const location = (await reading)[index - page * tablePage];
  if (!location) throw corrupt(image.tiff.source, `block ${index} is not in the table`, index);
  return location;
}

async function readTablePage(image: TiffImage, from: number, signal?: AbortSignal): Promise<BlockLocation[]> {
  const { tiff, directory, tiled } = image;
  const part = { from, count: tablePage };
  const offsets = await readNumbers(tiff, directory, tiled ? Tag.tileOffsets : Tag.stripOffsets, part, signal);
  const sizesTag = tiled ? Tag.tileByteCounts : Tag.stripByteCounts;
  const sizes = await readNumbers(tiff, directory, sizesTag, part, signal);
  const total = image.blocksAcross * image.blocksDown * (image.planar ? image.samplesPerPixel : 1);
  return (offsets ?? []).map((offset, i) => {
    // Old writers leave the sizes out: an uncompressed block's is known, and a lone compressed one ends with the file.
    const known = image.compression === Compression.none ? blockBytes(image) : tiff.source.size - offset;
    const size = sizes?.[i] ?? (image.compression === Compression.none || total === 1 ? known : 0);
    return { offset, size: offset === 0 ? 0 : size };
  });
}

/**
 * Rows a block of `size` bytes in the file can decode to at most; never more than the block has.
 * Keeps a damaged header from asking for memory that the data could never fill.
 */
export function possibleRows(image: TiffImage, size: number): number {
  const ratio = compressionTraits(image.compression)?.maxRatio ?? 1;
  const bytes = Number.isFinite(ratio) ? 4096 + size * ratio : Math.max(16 * 1024 * 1024, size * 4096);
  return Math.min(image.blockHeight, Math.floor(bytes / blockRowBytes(image)));
}

function isSize(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= maxSide;
}

function chooseDataType(bits: number, format: number): DataType | null {
  if (format === 1 || format === 4) {
    if (bits >= 1 && bits <= 8) return 'uint8';
    if (bits > 8 && bits <= 16) return 'uint16';
    if (bits > 16 && bits <= 32) return 'uint32';
    return bits === 64 ? 'uint64' : null;
  }
  const types: Record<string, DataType> = {
    '2-8': 'int8',
    '2-16': 'int16',
    '2-32': 'int32',
    '2-64': 'int64',
    '3-16': 'float16',
    '3-24': 'float32',
    '3-32': 'float32',
    '3-64': 'float64',
    '5-32': 'cint16',
    '5-64': 'cint32',
    '6-64': 'cfloat32',
    '6-128': 'cfloat64',
  };
  return types[`${format}-${bits}`] ?? null;
}

function unsupported(name: string, what: string, value: unknown): TiepointError {
  return new TiepointError('unsupported-format', `${name}: ${what} are not supported`, {
    hint: 'Rewrite the file with gdal_translate, for example with -ot Float32.',
    value,
  });
}
