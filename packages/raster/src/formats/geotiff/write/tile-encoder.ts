import { TiepointError } from '@tiepoint/geometry';
import { bytesPerSample, type DataType, type SampleArray } from '../../data-type.js';
import { encodeLzw } from '../codecs/encode-lzw.js';
import { floatToHalf } from '../codecs/float16.js';
import { applyFloatingPoint, applyHorizontal } from '../predictor.js';
import { Compression } from '../tiff-tags.js';

/** Compressions that can be written, by GDAL's names. */
export type WriteCompression = 'none' | 'deflate' | 'lzw' | 'zstd' | 'jpeg' | 'webp';

/** Those that make images of tiles, with losses. */
export function isImageCompression(compression: WriteCompression): compression is 'jpeg' | 'webp' {
  return compression === 'jpeg' || compression === 'webp';
}

/** Those that take any bytes. */
type ByteCompression = Exclude<WriteCompression, 'jpeg' | 'webp'>;

/** How tiles are encoded. */
export interface TileEncoding {
  readonly compression: WriteCompression;
  /** Deflate 1–9, ZSTD 1–22; quality 1–100 of JPEG and WebP, whose 100 is lossless. */
  readonly level: number;
  readonly predictor: 1 | 2 | 3;
}

type Compress = (bytes: Uint8Array, level: number) => Promise<Uint8Array>;

/** Node's zlib; null in a browser. */
const zlib = typeof process !== 'undefined' && process.versions?.node ? await import('node:zlib') : null;

/** In Node, zlib on its thread pool; in a browser, CompressionStream, which knows one level. */
const deflateTile: Compress = (bytes, level) => {
  if (zlib === null) return deflateStream(bytes);
  return new Promise((resolve, reject) => {
    // One piece of output is never too small, and the larger window of symbols is both smaller and faster.
    zlib.deflate(bytes, { level, memLevel: 9, chunkSize: bytes.byteLength + 1024 }, (error, out) =>
      error ? reject(error) : resolve(out),
    );
  });
};

async function deflateStream(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Node writes ZSTD from 22.15 on. */
function findZstd(): Compress | null {
  if (zlib === null) return null;
  const compress: unknown = Reflect.get(zlib, 'zstdCompress');
  if (typeof compress !== 'function') return null;
  const parameter: unknown = Reflect.get(zlib.constants, 'ZSTD_c_compressionLevel');
  return (bytes, level) =>
    new Promise((resolve, reject) => {
      const options = { params: { [Number(parameter)]: level } };
      const done = (error: Error | null, out: Uint8Array): void => (error ? reject(error) : resolve(out));
      Reflect.apply(compress, zlib, [bytes, options, done]);
    });
}

/** The function that compresses bytes. @throws {TiepointError} `unsupported-compression` for ZSTD without platform support. */
export function compressorFor(compression: ByteCompression): Compress {
  if (compression === 'none') return async (bytes) => bytes;
  if (compression === 'deflate') return deflateTile;
  if (compression === 'lzw') return async (bytes) => encodeLzw(bytes);
  const zstd = findZstd();
  if (zstd) return zstd;
  throw new TiepointError(
    'unsupported-compression',
    `${zlib === null ? 'a browser' : `Node ${process.versions.node}`} cannot write ZSTD`,
    {
      hint: 'Use Node 22.15 or later, or compress with deflate.',
      value: compression,
    },
  );
}

/** The compression tag's value. */
export function compressionTag(compression: WriteCompression): number {
  return compression === 'none' ? Compression.none : Compression[compression];
}

/**
 * Encodes the samples of one tile, pixels interleaved where it has several bands.
 * @param samples Of the type's own array; consumed (a predictor works in place).
 * @param rowLength Values of one row: width times interleaved samples.
 */
export async function encodeTile(
  samples: SampleArray,
  type: DataType,
  rowLength: number,
  interleaved: number,
  encoding: TileEncoding,
): Promise<Uint8Array> {
  let bytes = toBytes(samples, type);
  const { compression, level } = encoding;
  if (isImageCompression(compression)) {
    const { encodeImageTile } = await import('../codecs/encode-image-tile.js');
    const width = rowLength / interleaved;
    return encodeImageTile(
      bytes,
      { width, height: samples.length / rowLength, samples: interleaved },
      compression,
      level,
    );
  }
  const size = bytesPerSample(type);
  if (encoding.predictor === 2) applyHorizontal(unsigned(bytes, size), rowLength, interleaved);
  else if (encoding.predictor === 3) bytes = applyFloatingPoint(bytes, rowLength, size, interleaved);
  return compressorFor(compression)(bytes, level);
}

function toBytes(samples: SampleArray, type: DataType): Uint8Array {
  const array =
    type === 'float16'
      ? floatToHalf(samples)
      : type === 'int64'
        ? BigInt64Array.from(samples, toBigInt)
        : type === 'uint64'
          ? BigUint64Array.from(samples, toBigInt)
          : samples;
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function toBigInt(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

function unsigned(bytes: Uint8Array, size: number): Uint8Array | Uint16Array | Uint32Array | BigUint64Array {
  const { buffer, byteOffset, byteLength } = bytes;
  if (size === 1) return bytes;
  if (size === 2) return new Uint16Array(buffer, byteOffset, byteLength >> 1);
  if (size === 4) return new Uint32Array(buffer, byteOffset, byteLength >> 2);
  return new BigUint64Array(buffer, byteOffset, byteLength >> 3);
}

/** A bit mask as TIFF wants it: one bit a pixel, most significant first, rows at whole bytes. */
export function packMask(mask: Uint8Array, width: number, height: number): Uint8Array {
  const rowBytes = Math.ceil(width / 8);
  const out = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] !== 0) out[y * rowBytes + (x >> 3)]! |= 128 >> (x & 7);
    }
  }
  return out;
}
