/** A seeded source of random numbers: the same seed gives the same sequence on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** An integer in [0, bound). */
  integer(bound: number): number;
  /** Shuffles in place (Fisher and Yates) and returns the array. */
  shuffle<T extends { [index: number]: number; readonly length: number }>(array: T): T;
}

/** A generator by sfc32 (Doty-Humphrey, PractRand), its state filled from the seed by splitmix32. */
export function createRandom(seed: number): Random {
  let s = (seed ^ Math.floor(seed / 0x100000000)) | 0;
  const split = (): number => {
    s = (s + 0x9e3779b9) | 0;
    let z = s;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let a = split();
  let b = split();
  let c = split();
  let counter = 1;
  const next = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  let spare = Number.NaN;
  const uniform = (): number => next() / 0x100000000;
  const integer = (bound: number): number => Math.floor(uniform() * bound);
  return {
    uniform,
    integer,
    normal() {
      if (!Number.isNaN(spare)) {
        const value = spare;
        spare = Number.NaN;
        return value;
      }
      // Marsaglia's polar method.
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const q = u * u + v * v;
        if (q === 0 || q >= 1) continue;
        const factor = Math.sqrt((-2 * Math.log(q)) / q);
        spare = v * factor;
        return u * factor;
      }
    },
    shuffle(array) {
      for (let i = array.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        const held = array[i]!;
        array[i] = array[j]!;
        array[j] = held;
      }
      return array;
    },
  };
}
