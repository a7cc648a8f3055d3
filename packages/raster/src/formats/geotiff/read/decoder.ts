import { TiepointError } from '@tiepoint/geometry';
import { Compression } from '../tiff-tags.js';

/** What a decoder is told about the block it decodes. */
export interface BlockContext {
  /** Bytes the block must have when decoded; a decoder never allocates more. */
  readonly expectedBytes: number;
  /** Bytes from its beginning that are wanted; a decoder may stop there. */
  readonly wantedBytes: number;
  readonly width: number;
  readonly height: number;
  /** Samples of a pixel within this block (1 in a planar file). */
  readonly samples: number;
  readonly bitsPerSample: number;
  readonly photometric: number;
  /** The JPEGTables tag. */
  readonly jpegTables: Uint8Array | null;
  /** The LercParameters tag: version, additional compression. */
  readonly lercParameters: readonly number[] | null;
}

/** Decodes one compressed block. It may return fewer bytes than expected where the data end early. */
export type BlockDecoder = (bytes: Uint8Array, context: BlockContext) => Promise<Uint8Array> | Uint8Array;

interface Registration {
  readonly name: string;
  /** The greatest ratio of decoded to encoded bytes the format allows, where it has one: what larger headers claim is a lie. */
  readonly maxRatio: number;
  /** Values come in the machine's byte order whatever the file's. */
  readonly nativeOrder: boolean;
  readonly load: () => Promise<BlockDecoder>;
}

const registry = new Map<number, Registration>([
  [Compression.none, { name: 'none', maxRatio: 1, nativeOrder: false, load: async () => (bytes) => bytes }],
  [
    Compression.lzw,
    // A code of at least 9 bits stands for at most 4096 bytes.
    {
      name: 'lzw',
      maxRatio: 4096,
      nativeOrder: false,
      load: async () => (await import('../codecs/decode-lzw.js')).decodeLzw,
    },
  ],
  [
    Compression.deflate,
    {
      name: 'deflate',
      // 258 bytes in two bits, the format's limit.
      maxRatio: 1032,
      nativeOrder: false,
      load: async () => (await import('../codecs/decode-deflate.js')).decodeDeflate,
    },
  ],
  [
    Compression.packBits,
    {
      name: 'packbits',
      maxRatio: 64,
      nativeOrder: false,
      load: async () => (await import('../codecs/decode-packbits.js')).decodePackBits,
    },
  ],
  [
    Compression.zstd,
    {
      name: 'zstd',
      // A block of 128 KiB can be written in 4 bytes.
      maxRatio: 32768,
      nativeOrder: false,
      load: async () => (await import('../codecs/decode-zstd.js')).decodeZstd,
    },
  ],
  [
    Compression.lerc,
    {
      name: 'lerc',
      maxRatio: Number.POSITIVE_INFINITY,
      nativeOrder: true,
      load: async () => (await import('../codecs/decode-lerc.js')).loadLercDecoder(),
    },
  ],
  [
    Compression.jpeg,
    {
      name: 'jpeg',
      maxRatio: 16384,
      nativeOrder: true,
      load: async () => (await import('../codecs/decode-jpeg.js')).decodeJpegBlock,
    },
  ],
  [
    Compression.webp,
    {
      name: 'webp',
      maxRatio: Number.POSITIVE_INFINITY,
      nativeOrder: true,
      load: async () => (await import('../codecs/decode-jpeg.js')).decodeWebpBlock,
    },
  ],
]);
registry.set(Compression.deflateOld, registry.get(Compression.deflate)!);

/**
 * Adds or replaces the decoder of a compression code, for formats this package does not know.
 * `load` runs once, when the first block of that compression is read.
 */
export function registerDecoder(
  compression: number,
  decoder: { name: string; maxRatio?: number; nativeOrder?: boolean; load: () => Promise<BlockDecoder> },
): void {
  registry.set(compression, {
    name: decoder.name,
    maxRatio: decoder.maxRatio ?? Number.POSITIVE_INFINITY,
    nativeOrder: decoder.nativeOrder ?? false,
    load: decoder.load,
  });
  loaded.delete(compression);
}

/** The name of a compression code, or `compression N`. */
export function compressionName(compression: number): string {
  return registry.get(compression)?.name ?? `compression ${compression}`;
}

/** What is known of a compression without loading its decoder; null where there is none. */
export function compressionTraits(compression: number): { maxRatio: number; nativeOrder: boolean } | null {
  return registry.get(compression) ?? null;
}

const loaded = new Map<number, Promise<BlockDecoder>>();

/**
 * The decoder of a compression code, loaded on first use.
 * @throws {TiepointError} `unsupported-compression`.
 */
export function loadDecoder(compression: number, name: string): Promise<BlockDecoder> {
  const known = loaded.get(compression);
  if (known) return known;
  const registration = registry.get(compression);
  if (!registration) {
    const what = compression === 34712 ? 'JPEG 2000' : `compression ${compression}`;
    throw new TiepointError('unsupported-compression', `${name}: ${what} is not supported`, {
      hint: 'Rewrite the file: gdal_translate -co COMPRESS=DEFLATE in.tif out.tif',
      value: compression,
    });
  }
  const decoder = registration.load();
  loaded.set(compression, decoder);
  return decoder;
}
