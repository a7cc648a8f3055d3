import type { BlockContext } from './decoder.js';

const CLEAR = 256;
const END = 257;

/**
 * Decodes TIFF's LZW (codes of 9 to 12 bits, most significant bit first, widths change one code early).
 * Damaged data end the output early. TIFF 6.0, section 13.
 */
export function decodeLzw(bytes: Uint8Array, context: BlockContext): Uint8Array {
  const out = new Uint8Array(context.wantedBytes);
  // Old files write the least significant bit first, and begin with bytes 0, 1.
  if (bytes[0] === 0 && (bytes[1]! & 1) === 1) return decodeOldLzw(bytes, out);
  // An entry is a run that already stands in the output: where it starts, and its length.
  const start = new Uint32Array(4097);
  const length = new Uint16Array(4097);
  let next = 258;
  let width = 9;
  let bits = 0;
  let held = 0;
  let at = 0;
  let previousStart = -1;
  let previousLength = 0;
  const end = out.length;
  for (let i = 0; at < end;) {
    while (held < width && i < bytes.length) {
      bits = ((bits << 8) | bytes[i++]!) & 0xffffff;
      held += 8;
    }
    if (held < width) break;
    held -= width;
    const code = (bits >>> held) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      next = 258;
      width = 9;
      previousStart = -1;
      continue;
    }
    const begin = at;
    if (code < 256) {
      out[at++] = code;
    } else if (code < next && code >= 258) {
      let from = start[code]!;
      for (let n = Math.min(length[code]!, end - at); n > 0; n--) out[at++] = out[from++]!;
    } else if (code === next && previousStart >= 0) {
      // The run being defined: the previous one and its own first byte.
      let from = previousStart;
      for (let n = Math.min(previousLength, end - at); n > 0; n--) out[at++] = out[from++]!;
      if (at < end) out[at++] = out[previousStart]!;
    } else {
      break;
    }
    if (previousStart >= 0 && next < 4096) {
      start[next] = previousStart;
      length[next] = previousLength + 1;
      next++;
      if (next === 511 || next === 1023 || next === 2047) width++;
    }
    previousStart = begin;
    previousLength = at - begin;
  }
  return at === end ? out : out.subarray(0, at);
}

/** The variant of TIFF writers before 1988: least significant bit first, widths change on time. */
function decodeOldLzw(bytes: Uint8Array, out: Uint8Array): Uint8Array {
  const start = new Uint32Array(4097);
  const length = new Uint16Array(4097);
  let next = 258;
  let width = 9;
  let bit = 0;
  let at = 0;
  let previousStart = -1;
  let previousLength = 0;
  const end = out.length;
  while (at < end && bit + width <= bytes.length * 8) {
    let code = 0;
    for (let n = 0; n < width; n++, bit++) code |= ((bytes[bit >> 3]! >> (bit & 7)) & 1) << n;
    if (code === END) break;
    if (code === CLEAR) {
      next = 258;
      width = 9;
      previousStart = -1;
      continue;
    }
    const begin = at;
    if (code < 256) {
      out[at++] = code;
    } else if (code < next && code >= 258) {
      let from = start[code]!;
      for (let n = Math.min(length[code]!, end - at); n > 0; n--) out[at++] = out[from++]!;
    } else if (code === next && previousStart >= 0) {
      let from = previousStart;
      for (let n = Math.min(previousLength, end - at); n > 0; n--) out[at++] = out[from++]!;
      if (at < end) out[at++] = out[previousStart]!;
    } else {
      break;
    }
    if (previousStart >= 0 && next < 4096) {
      start[next] = previousStart;
      length[next] = previousLength + 1;
      next++;
      if (next === 512 || next === 1024 || next === 2048) width++;
    }
    previousStart = begin;
    previousLength = at - begin;
  }
  return out.subarray(0, at);
}
