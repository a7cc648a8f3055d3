// The browser's own SHA-256 wants all bytes at once, and images may be larger than memory. FIPS 180-4.

/** The first 32 bits of the fraction of a root of a whole number. */
const fraction = (root: number): number => Math.floor((root % 1) * 2 ** 32) >>> 0;

const primes: readonly number[] = Array.from({ length: 312 }, (_, i) => i).filter((n) => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n >= 2;
});
const constants = Uint32Array.from(primes.slice(0, 64), (prime) => fraction(Math.cbrt(prime)));

const blockBytes = 64;

/** Takes a block of 64 bytes into the state. */
function compress(state: Uint32Array, words: Uint32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) words[i] = view.getUint32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const [p, q] = [words[i - 15]!, words[i - 2]!];
    const s0 = ((p >>> 7) | (p << 25)) ^ ((p >>> 18) | (p << 14)) ^ (p >>> 3);
    const s1 = ((q >>> 17) | (q << 15)) ^ ((q >>> 19) | (q << 13)) ^ (q >>> 10);
    words[i] = words[i - 16]! + s0 + words[i - 7]! + s1;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const first = (h + s1 + ((e & f) ^ (~e & g)) + constants[i]! + words[i]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
  state[4] = state[4]! + e;
  state[5] = state[5]! + f;
  state[6] = state[6]! + g;
  state[7] = state[7]! + h;
}

/** SHA-256 of a blob, hexadecimal; read piece by piece. */
export async function sha256OfBlob(blob: Blob, signal?: AbortSignal): Promise<string> {
  const state = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  const words = new Uint32Array(64);
  const piece = 2 ** 22;
  for (let at = 0; at <= blob.size; at += piece) {
    signal?.throwIfAborted();
    const bytes = new Uint8Array(await blob.slice(at, at + piece).arrayBuffer());
    const isLast = at + piece > blob.size;
    const padded = isLast ? pad(bytes, blob.size) : bytes;
    const view = new DataView(padded.buffer);
    for (let block = 0; block < padded.length; block += blockBytes) compress(state, words, view, block);
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

/** The last bytes with what ends a message: a bit that is set, and how many bits there were in all. */
function pad(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / blockBytes) * blockBytes);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(size) * 8n);
  return padded;
}
