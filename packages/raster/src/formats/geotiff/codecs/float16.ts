/** Values of the 65,536 half floats, made on first use. */
let table: Float32Array | null = null;

/** IEEE 754 half floats as float32. */
export function halfToFloat(halves: Uint16Array): Float32Array {
  table ??= makeTable();
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) out[i] = table[halves[i]!]!;
  return out;
}

function makeTable(): Float32Array {
  const values = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 0) values[bits] = sign * 2 ** -24 * fraction;
    else if (exponent === 31) values[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else values[bits] = sign * 2 ** (exponent - 25) * (1024 + fraction);
  }
  return values;
}

/** Numbers as IEEE 754 half floats, rounded to nearest even. */
export function floatToHalf(values: ArrayLike<number>): Uint16Array {
  const out = new Uint16Array(values.length);
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  for (let i = 0; i < out.length; i++) {
    float[0] = values[i]!;
    const b = bits[0]!;
    const sign = (b >>> 16) & 0x8000;
    const magnitude = Math.abs(float[0]);
    if (Number.isNaN(magnitude)) out[i] = 0x7e00;
    else if (magnitude >= 65520) out[i] = sign | 0x7c00;
    else if (magnitude < 2 ** -14) out[i] = sign | roundEven(magnitude * 2 ** 24);
    else {
      const rounded = b + 0xfff + ((b >>> 13) & 1);
      out[i] = sign | (((rounded & 0x7fffffff) >>> 13) - (112 << 10));
    }
  }
  return out;
}

function roundEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}
