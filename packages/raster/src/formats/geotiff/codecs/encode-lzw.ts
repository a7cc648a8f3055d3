const hashSize = 16384;

/** Encodes TIFF's LZW (most significant bit first, widths change one code early). TIFF 6.0, section 13. */
export function encodeLzw(bytes: Uint8Array): Uint8Array {
  // Worst case: 12 bits a byte, and clear codes.
  const out = new Uint8Array(Math.ceil(bytes.length * 1.5) + 16);
  const keys = new Int32Array(hashSize);
  const codes = new Uint16Array(hashSize);
  let at = 0;
  let bits = 0;
  let held = 0;
  let width = 9;
  let next = 258;
  const put = (code: number): void => {
    bits = (bits << width) | code;
    held += width;
    while (held >= 8) {
      held -= 8;
      out[at++] = bits >>> held;
    }
    bits &= (1 << held) - 1;
  };
  keys.fill(-1);
  put(256);
  let prefix = bytes.length > 0 ? bytes[0]! : -1;
  for (let i = 1; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const key = (prefix << 8) | byte;
    let slot = Math.imul(key, 0x9e3779b1) >>> 18;
    while (keys[slot] !== -1 && keys[slot] !== key) slot = (slot + 1) & (hashSize - 1);
    if (keys[slot] === key) {
      prefix = codes[slot]!;
      continue;
    }
    put(prefix);
    keys[slot] = key;
    codes[slot] = next++;
    if (next === 511 + 1 || next === 1023 + 1 || next === 2047 + 1) width++;
    if (next === 4095) {
      put(256);
      keys.fill(-1);
      next = 258;
      width = 9;
    }
    prefix = byte;
  }
  if (prefix >= 0) {
    put(prefix);
    // The decoder has added one entry more by now.
    next++;
    if (next === 512 || next === 1024 || next === 2048) width++;
  }
  put(257);
  if (held > 0) out[at++] = bits << (8 - held);
  return out.subarray(0, at);
}
