/** Where a random sequence stands: four 32-bit whole numbers, to be stored and continued from. */
export type RandomState = readonly [number, number, number, number];

/** A seeded random sequence, the same on every machine. */
export interface Random {
  /** Uniform in [0, 1), 24 bits. */
  uniform(): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** A whole number in [0, below). */
  integer(below: number): number;
  /** Where the sequence stands. */
  state(): RandomState;
}

/** Mixes whole numbers into one seed, so that each combination starts an unrelated sequence. */
export function mixSeeds(...seeds: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const seed of seeds) {
    hash = Math.imul(hash ^ (seed | 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
    // The upper half of large seeds counts too.
    hash ^= Math.floor(seed / 2 ** 32) | 0;
  }
  return hash >>> 0;
}

/**
 * A random sequence from a seed, or continued from a stored state.
 *
 * xoshiro128** (Blackman and Vigna 2018), seeded by splitmix32.
 */
export function createRandom(from: number | RandomState): Random {
  let [a, b, c, d] = typeof from === 'number' ? expand(mixSeeds(from)) : from;
  const next = (): number => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  const uniform = (): number => (next() >>> 8) / 2 ** 24;
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (below) => Math.floor((next() / 2 ** 32) * below),
    state: () => [a, b, c, d],
  };
}

function expand(seed: number): RandomState {
  let state = seed;
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let t = state ^ (state >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return t ^ (t >>> 15);
  };
  return [next(), next(), next(), next()];
}
