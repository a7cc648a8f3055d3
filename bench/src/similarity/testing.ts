import { normalisePatch, patchSide } from '@tiepoint/matching';
import { createRandom } from 'onnx-grad';
import { patchArea } from './measure.js';

/** Pairs `[n, 2, 32, 32]` of one scene seen by two sensors, and of different scenes. */
export interface MadePairs {
  readonly same: Float32Array;
  readonly other: Float32Array;
  readonly n: number;
}

/** A patch of discs, shifted by (dx, dy) px, zero mean and unit variance. */
export function discs(seed: number, dx = 0, dy = 0): Float32Array {
  const random = createRandom(seed);
  const patch = new Float32Array(patchArea);
  for (let disc = 0; disc < 25; disc++) {
    const [cx, cy] = [random.uniform() * 48 - 8 + dx, random.uniform() * 48 - 8 + dy];
    const [radius, value] = [2 + 6 * random.uniform(), random.normal()];
    for (let i = 0; i < patchArea; i++) {
      const distance = Math.hypot((i % patchSide) + 0.5 - cx, Math.floor(i / patchSide) + 0.5 - cy);
      // Edges a pixel wide, so that parts of a pixel show.
      patch[i] = patch[i]! + 40 * value * Math.min(1, Math.max(0, radius + 0.5 - distance));
    }
  }
  normalisePatch(patch, 0);
  return patch;
}

/** The patch as another sensor might see it: contrast reversed and bent, noise. */
function otherSensor(patch: Float32Array, seed: number, noise = 0.1): Float32Array {
  const random = createRandom(seed);
  const seen = patch.map((v) => 40 * (Math.exp(-v / 2) + noise * random.normal()));
  normalisePatch(seen, 0);
  return seen;
}

/** Pairs of patches side by side, `[n, 2, 32, 32]`. */
export function pairUp(first: readonly Float32Array[], second: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(first.length * 2 * patchArea);
  for (const [i, patch] of first.entries()) {
    out.set(patch, 2 * i * patchArea);
    out.set(second[i]!, (2 * i + 1) * patchArea);
  }
  return out;
}

/** `n` pairs of one scene seen by two sensors, and as many of different scenes. */
export function madePairs(n: number): MadePairs {
  const first = Array.from({ length: n }, (_, i) => discs(i));
  const second = first.map((patch, i) => otherSensor(patch, 1000 + i));
  return { same: pairUp(first, second), other: pairUp(first, [...second.slice(1), second[0]!]), n };
}
