import { TiepointError } from '@tiepoint/geometry';
import type { AtomicOutput } from './atomic-output.js';
import { besideNodata, convertSamples } from '../codecs/convert-samples.js';
import { allocateSamples, bytesPerSample, type SampleArray } from '../../data-type.js';
import { findEpsg } from '../../../georeference/epsg-table.js';
import { withGeoKeys } from '../../../georeference/geokeys-from-crs.js';
import { isRgb, predictorFor } from '../read/tiff-description.js';
import { longs, type TiffField } from '../tiff-fields.js';
import { Tag } from '../tiff-tags.js';
import {
  compressorFor,
  encodeTile,
  isImageCompression,
  packMask,
  type TileEncoding,
  type WriteCompression,
} from './tile-encoder.js';
import { cutMaskTile, cutTile, emptyTileRows, takeRows, type TileRows } from './tile-rows.js';
import type { GeoTiffOptions, RowBlock } from './write-options.js';

/** Writes a raster from top to bottom. Nothing stands under the file's name before `finish`. */
export interface RasterWriter extends AsyncDisposable {
  /** Adds rows below those written so far. @throws {TiepointError} `disk-full`, `output-unwritable`. */
  write(block: RowBlock): Promise<void>;
  /** Completes the file and gives it its name. @throws {TiepointError} `rows-missing`, and as `write`. */
  finish(): Promise<void>;
  /** Throws away what was written; does nothing after `finish`. */
  abort(): Promise<void>;
}

/** Files whose samples take more than this are written as BigTIFF. */
const classicLimit = 3.9e9;

/**
 * The options with a CRS that can be written. A CRS known by its code alone is looked up, for its name and its kind.
 * @throws {TiepointError} `crs-unwritable`.
 */
export async function writable<T extends GeoTiffOptions>(options: T): Promise<T> {
  const { georeference } = options;
  const crs = georeference?.crs;
  if (!georeference || !crs) return options;
  const code = crs.name === crs.code ? /^EPSG:(\d+)$/.exec(crs.code)?.[1] : undefined;
  const entry = code ? await findEpsg(Number(code)) : null;
  const named = entry ? { ...crs, name: entry.name, kind: entry.kind } : crs;
  return { ...options, georeference: { ...georeference, crs: withGeoKeys(named) } };
}

/** How an image is cut into tiles and encoded. */
export interface TilePlan {
  readonly tileSize: number;
  readonly tilesAcross: number;
  readonly tilesDown: number;
  /** Band indices of each plane of tiles. */
  readonly planes: readonly (readonly number[])[];
  readonly encoding: TileEncoding;
  readonly big: boolean;
  readonly masked: boolean;
  /** Memory of tiles that have been encoded, by length. */
  readonly spare: Map<number, SampleArray[]>;
}

/** Levels of compression unless one is asked for; of images their quality, GDAL's. */
const usualLevel: Readonly<Record<WriteCompression, number>> = {
  none: 6,
  deflate: 6,
  lzw: 6,
  zstd: 9,
  jpeg: 75,
  webp: 75,
};

/** @throws {TiepointError} `invalid-option`, `unsupported-type`, `unsupported-compression`. */
export function planTiles(options: GeoTiffOptions, defaultTileSize = 256): TilePlan {
  const { width, height, bandCount, dataType } = options;
  const tileSize = options.tileSize ?? defaultTileSize;
  if (!Number.isInteger(tileSize) || tileSize < 16 || tileSize % 16 !== 0 || tileSize > 8192) {
    throw new TiepointError('invalid-option', `a tile size of ${tileSize}`, {
      hint: 'Tile sizes are multiples of 16 up to 8192.',
      value: tileSize,
    });
  }
  if (![width, height, bandCount].every((n) => Number.isInteger(n) && n >= 1 && n < 2 ** 31)) {
    throw new TiepointError('invalid-option', `an image of ${width}×${height} pixels and ${bandCount} bands`, {
      hint: 'Sizes are whole numbers from 1.',
      value: { width, height, bandCount },
    });
  }
  const compression = options.compression ?? 'deflate';
  if (isImageCompression(compression)) checkImageTiles(options, compression);
  else compressorFor(compression);
  const interleaved = isImageCompression(compression)
    ? bandCount === 1 || (bandCount === 3 && isRgb(options))
    : options.complex || (options.interleave ?? (bandCount > 4 ? 'band' : 'pixel')) === 'pixel';
  const all = Array.from({ length: bandCount }, (_, i) => i);
  const raw = width * height * bandCount * bytesPerSample(dataType);
  return {
    tileSize,
    tilesAcross: Math.ceil(width / tileSize),
    tilesDown: Math.ceil(height / tileSize),
    planes: interleaved ? [all] : all.map((i) => [i]),
    encoding: {
      compression,
      level: options.level ?? usualLevel[compression],
      predictor: predictorFor(options),
    },
    big: options.bigTiff ?? raw > classicLimit,
    masked: options.mask ?? false,
    spare: new Map(),
  };
}

/** What can be stored as images. @throws {TiepointError} `unsupported-type`, `unsupported-compression`, `invalid-option`. */
function checkImageTiles(options: GeoTiffOptions, compression: 'jpeg' | 'webp'): void {
  const { dataType, bandCount, nodata, level, complex, alpha } = options;
  const name = compression.toUpperCase();
  if (dataType !== 'uint8' || complex || alpha || options.colorTable) {
    throw new TiepointError('unsupported-type', `${name} of ${alpha ? 'an alpha band' : dataType}`, {
      hint: 'Only bands of 8 bits without palette and alpha can be stored so; leave COMPRESS out.',
      value: dataType,
    });
  }
  if (compression === 'webp' && !isRgb({ ...options, bandCount: bandCount === 3 ? 3 : 1 })) {
    throw new TiepointError(
      'unsupported-compression',
      `${name} of ${bandCount} bands that are not red, green and blue`,
      {
        hint: 'Use JPEG, or a compression without losses.',
        value: bandCount,
      },
    );
  }
  if (nodata !== null && nodata !== undefined) {
    throw new TiepointError('invalid-option', `${name} with a nodata value of ${nodata}, which its losses would blur`, {
      hint: 'Write a mask: -dstnodata none.',
      value: nodata,
    });
  }
  if (level !== undefined && !(Number.isInteger(level) && level >= 1 && level <= 100)) {
    throw new TiepointError('invalid-option', `a quality of ${level}`, { hint: 'It is 1 to 100.', value: level });
  }
  if (typeof process === 'undefined' || !process.versions?.node) {
    throw new TiepointError('unsupported-compression', `a browser cannot write ${name}`, {
      hint: 'Compress with deflate.',
      value: compression,
    });
  }
}

/** Encodes all tiles of one row, in parallel where the compressor is. */
export async function encodeTileRow(
  rows: TileRows,
  options: GeoTiffOptions,
  plan: TilePlan,
  width = options.width,
): Promise<{ image: Uint8Array[]; mask: Uint8Array | null }[]> {
  const { tileSize, planes, encoding } = plan;
  const { dataType } = options;
  const one = async (column: number): Promise<{ image: Uint8Array[]; mask: Uint8Array | null }> => {
    const image = await Promise.all(
      planes.map(async (bands) => {
        const length = tileSize * tileSize * bands.length;
        const tile = plan.spare.get(length)?.pop() ?? allocateSamples(dataType, length);
        cutTile(rows, width, column, tileSize, bands, tile);
        const bytes = await encodeTile(tile, dataType, tileSize * bands.length, bands.length, encoding);
        // Without compression the tile itself is what will be written.
        if (encoding.compression !== 'none') giveBack(plan, tile);
        return bytes;
      }),
    );
    if (!rows.mask) return { image, mask: null };
    const packed = packMask(cutMaskTile(rows.mask, rows.filled, width, column, tileSize), tileSize, tileSize);
    return { image, mask: await compressorFor(maskCompression(encoding))(packed, 6) };
  };
  return Promise.all(Array.from({ length: Math.ceil(width / tileSize) }, (_, column) => one(column)));
}

/** Keeps a tile's memory for the next one: fresh memory for each costs more than encoding it. */
function giveBack(plan: TilePlan, tile: SampleArray): void {
  const list = plan.spare.get(tile.length);
  if (list) list.push(tile);
  else plan.spare.set(tile.length, [tile]);
}

/** Masks are always compressed: they are nearly empty. */
export function maskCompression(encoding: TileEncoding): 'deflate' | 'lzw' | 'zstd' {
  const { compression } = encoding;
  return compression === 'none' || isImageCompression(compression) ? 'deflate' : compression;
}

/** The offset and size tables as fields. */
export function tileFields(table: { offsets: readonly number[]; sizes: readonly number[] }, big: boolean): TiffField[] {
  return [
    { tag: Tag.tileOffsets, type: big ? 16 : 4, values: table.offsets },
    longs(Tag.tileByteCounts, ...table.sizes),
  ];
}

/** The part all writers share: rows in, rows of tiles out, and the life of the temporary file. */
export function rowWriter(
  options: GeoTiffOptions,
  plan: TilePlan,
  output: AtomicOutput,
  sink: { tileRow: (rows: TileRows, row: number) => Promise<void>; finish: () => Promise<void> },
): RasterWriter {
  const { width, height, bandCount, dataType, signal } = options;
  const rows = emptyTileRows(width, plan.tileSize, bandCount, dataType, plan.masked);
  let written = 0;
  let tileRow = 0;
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      signal?.throwIfAborted();
      await work();
    } catch (error) {
      await output.abort();
      throw error;
    }
  };
  const flush = async (): Promise<void> => {
    await sink.tileRow(rows, tileRow++);
    rows.filled = 0;
  };
  return {
    write: (block) =>
      guarded(async () => {
        const typed = prepareRows(block, options);
        if (written + block.rows > height) throw rowsMismatch(output.path, height, written + block.rows);
        for (let from = 0; from < block.rows;) {
          signal?.throwIfAborted();
          from += takeRows(rows, typed, from, width, plan.tileSize);
          if (rows.filled === plan.tileSize) await flush();
        }
        written += block.rows;
      }),
    finish: () =>
      guarded(async () => {
        if (rows.filled > 0) await flush();
        if (written !== height) throw rowsMismatch(output.path, height, written);
        await sink.finish();
        signal?.throwIfAborted();
        await output.commit();
      }),
    abort: () => output.abort(),
    [Symbol.asyncDispose]: () => output.abort(),
  };
}

/** Brings a block to the file's type; without a mask band, invalid samples become nodata and valid ones move off it. */
function prepareRows(block: RowBlock, options: GeoTiffOptions): RowBlock {
  const { width, dataType, bandCount, nodata } = options;
  const count = width * block.rows;
  if (block.data.length !== bandCount || block.data.some((band) => band.length < count)) {
    throw new TiepointError('invalid-option', `rows of ${block.data.length} bands where ${bandCount} are due`, {
      hint: 'Give one array of width × rows samples a band.',
      value: block.data.length,
    });
  }
  const fill = nodata ?? 0;
  const data = block.data.map((band) => {
    const typed = convertSamples(band, dataType, Number.isNaN(fill) ? 0 : fill);
    if (!block.mask || options.mask || nodata === null || nodata === undefined) return typed;
    const out = typed === band ? typed.slice(0, count) : typed;
    const beside = besideNodata(nodata, dataType);
    for (let i = 0; i < count; i++) {
      if (block.mask[i] === 0) out[i] = nodata;
      else if (out[i] === nodata) out[i] = beside;
    }
    return out;
  });
  return { rows: block.rows, data, mask: block.mask };
}

function rowsMismatch(path: string, due: number, got: number): TiepointError {
  return new TiepointError('rows-missing', `${path}: ${got} rows were given, ${due} are due`, { value: got });
}
