import { decompress } from 'fzstd';
import type { BlockContext } from '../read/decoder.js';

type ZstdDecompress = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

/** Node has ZSTD of its own from 22.15 on; elsewhere a decoder in JavaScript serves. */
const native: ZstdDecompress | null = await nativeZstd();

async function nativeZstd(): Promise<ZstdDecompress | null> {
  if (typeof process === 'undefined' || !process.versions?.node) return null;
  const zlib: object = await import('node:zlib');
  const found: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  if (typeof found !== 'function') return null;
  return (bytes, options) => Reflect.apply(found, zlib, [bytes, options]) as Uint8Array;
}

/** Decodes a ZSTD block; output beyond the expected length is never made. */
export function decodeZstd(bytes: Uint8Array, context: BlockContext): Uint8Array {
  return decodeZstdFrame(bytes, context.expectedBytes);
}

/** Decodes a ZSTD frame of at most `maxBytes`. */
export function decodeZstdFrame(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (native) return native(bytes, { maxOutputLength: maxBytes });
  const out = new Uint8Array(maxBytes);
  // The decoder asks whether its buffer is 1, for which JavaScript would write out all of its bytes as text, at every frame.
  Object.defineProperty(out, Symbol.toPrimitive, { value: () => Number.NaN });
  return decompress(bytes, out);
}
