import type { BlockContext } from '../read/decoder.js';

/** Decodes PackBits (TIFF 6.0, section 9). Damaged data end the output early. */
export function decodePackBits(bytes: Uint8Array, context: BlockContext): Uint8Array {
  const out = new Uint8Array(context.wantedBytes);
  let at = 0;
  let i = 0;
  while (i < bytes.length && at < out.length) {
    const n = (bytes[i++]! << 24) >> 24;
    if (n >= 0) {
      const count = Math.min(n + 1, out.length - at, bytes.length - i);
      out.set(bytes.subarray(i, i + count), at);
      i += n + 1;
      at += count;
    } else if (n !== -128) {
      if (i >= bytes.length) break;
      const count = Math.min(1 - n, out.length - at);
      out.fill(bytes[i++]!, at, at + count);
      at += count;
    }
  }
  return at === out.length ? out : out.subarray(0, at);
}
