import type { BlockContext } from '../read/decoder.js';

const clearCode = 256;
const endCode = 257;
const firstFree = 258;
/** Codes have 9 to 12 bits. */
const narrowest = 9;
const mostCodes = 4096;

/** Reads the next code of so many bits; −1 where the data end. */
type CodeReader = (width: number) => number;

/** Most significant bit first, as TIFF 6.0 has it. */
function highBitsFirst(bytes: Uint8Array): CodeReader {
  let [bits, held, at] = [0, 0, 0];
  return (width) => {
    while (held < width && at < bytes.length) {
      bits = ((bits << 8) | bytes[at++]!) & 0xffffff;
      held += 8;
    }
    if (held < width) return -1;
    held -= width;
    return (bits >>> held) & ((1 << width) - 1);
  };
}

/** Least significant bit first, as writers before 1988 had it. */
function lowBitsFirst(bytes: Uint8Array): CodeReader {
  let [bits, held, at] = [0, 0, 0];
  return (width) => {
    while (held < width && at < bytes.length) {
      bits |= bytes[at++]! << held;
      held += 8;
    }
    if (held < width) return -1;
    const code = bits & ((1 << width) - 1);
    bits >>>= width;
    held -= width;
    return code;
  };
}

/**
 * Decodes TIFF's LZW (codes of 9 to 12 bits, most significant bit first, widths change one code early; of old files the least
 * significant bit first, and widths change on time). Damaged data end the output early. TIFF 6.0, section 13.
 */
export function decodeLzw(bytes: Uint8Array, context: BlockContext): Uint8Array {
  // Old files begin with a clear code whose low bits come first: bytes 0, 1.
  const old = bytes[0] === 0 && (bytes[1]! & 1) === 1;
  return old
    ? decodeCodes(lowBitsFirst(bytes), 0, context.wantedBytes)
    : decodeCodes(highBitsFirst(bytes), 1, context.wantedBytes);
}

/** @param early - how many codes before they are needed wider codes begin */
function decodeCodes(read: CodeReader, early: 0 | 1, wanted: number): Uint8Array {
  const out = new Uint8Array(wanted);
  // An entry is a run that already stands in the output: where it starts, and its length.
  const start = new Uint32Array(mostCodes + 1);
  const length = new Uint16Array(mostCodes + 1);
  let next = firstFree;
  let width = narrowest;
  let at = 0;
  let previousStart = -1;
  let previousLength = 0;
  while (at < wanted) {
    const code = read(width);
    if (code < 0 || code === endCode) break;
    if (code === clearCode) {
      next = firstFree;
      width = narrowest;
      previousStart = -1;
      continue;
    }
    const begin = at;
    if (code < 256) {
      out[at++] = code;
    } else if (code < next && code >= firstFree) {
      let from = start[code]!;
      for (let n = Math.min(length[code]!, wanted - at); n > 0; n--) out[at++] = out[from++]!;
    } else if (code === next && previousStart >= 0) {
      // The run being defined: the previous one and its own first byte.
      let from = previousStart;
      for (let n = Math.min(previousLength, wanted - at); n > 0; n--) out[at++] = out[from++]!;
      if (at < wanted) out[at++] = out[previousStart]!;
    } else {
      break;
    }
    if (previousStart >= 0 && next < mostCodes) {
      start[next] = previousStart;
      length[next] = previousLength + 1;
      next++;
      const due = next + early;
      if (due === 512 || due === 1024 || due === 2048) width++;
    }
    previousStart = begin;
    previousLength = at - begin;
  }
  return at === wanted ? out : out.subarray(0, at);
}
