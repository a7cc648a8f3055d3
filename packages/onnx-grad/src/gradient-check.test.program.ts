import * as fc from 'fast-check';
import { expect } from 'vitest';
import { type Tensor, buildModel, constant, createSession, gradient, input, mul, reduceSum, sizeOf } from './index.js';

/** A function of tensors to be checked, at noise. */
export interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** From uniform noise in (−1, 1) to values of the kind this operation wants. */
  readonly values?: (noise: number, input: number) => number;
  /** The step of the differences; small where kinks stand close. */
  readonly step?: number;
}

/** Uniform noise in (−1, 1), from a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/**
 * Compares the gradient of a randomly weighted sum of the outputs with central differences along random directions.
 *
 * Directions are compared instead of single elements: one pair of runs then tests every element at once.
 */
async function check({ shapes, build, values = (v) => v, step = 2e-3 }: Case, seed: number): Promise<void> {
  const random = generator(seed);
  const noise = (length: number): Float32Array => Float32Array.from({ length }, random);
  const inputs = shapes.map((shape, i) => input(`x${i}`, shape));
  const output = build(...inputs);
  const weights = constant(noise(sizeOf(output.shape)), output.shape);
  const weighted = mul(output, weights);
  const gradients = gradient(reduceSum(weighted), inputs);
  const model = buildModel({
    inputs,
    outputs: { output, ...Object.fromEntries(gradients.map((g, i) => [`g${i}`, g])) },
  });
  await using session = await createSession(model, { backend: 'node' });
  const at = shapes.map((shape, i) => noise(sizeOf(shape)).map((v) => values(v, i)));
  const run = async (points: readonly Float32Array[]): Promise<Record<string, Float32Array>> =>
    (await session.run(Object.fromEntries(points.map((p, i) => [`x${i}`, p])))) as Record<string, Float32Array>;
  const here = await run(at);
  for (const [i, shape] of shapes.entries()) {
    expect(gradients[i]!.shape).toEqual(shape);
    for (let trial = 0; trial < 3; trial++) {
      const direction = noise(at[i]!.length);
      const moved = (by: number): Float32Array[] =>
        at.with(
          i,
          at[i]!.map((v, k) => v + by * direction[k]!),
        );
      const [ahead, behind] = [await run(moved(step)), await run(moved(-step))];
      let numeric = 0;
      let scale = 0;
      for (const [k, weight] of weights.data!.entries()) {
        numeric += (weight * (ahead['output']![k]! - behind['output']![k]!)) / (2 * step);
        scale += Math.abs(weight * here['output']![k]!);
      }
      const analytic = here[`g${i}`]!.reduce((sum, g, k) => sum + g * direction[k]!, 0);
      const size = Math.hypot(...here[`g${i}`]!) * Math.hypot(...direction);
      // Rounding of 32-bit outputs divided by the step, and the curvature, bound what differences can tell.
      expect(Math.abs(analytic - numeric), `input ${i}: ${analytic} against ${numeric}`).toBeLessThan(
        2e-3 * size + (1e-7 * scale) / step + 2e-3,
      );
    }
  }
}

/** Runs the check for random shapes and attributes. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, makeCase: (value: T) => Case, runs = 6): () => Promise<void> {
  return () =>
    fc.assert(
      fc.asyncProperty(arbitrary, fc.integer(), (value, seed) => check(makeCase(value), seed)),
      { seed: 7, numRuns: runs, endOnFailure: true },
    );
}

/** Small sizes of axes. */
export const size = fc.integer({ min: 1, max: 4 });
/** Shapes of one to four axes. */
export const shape = fc.array(size, { minLength: 1, maxLength: 4 });
/** Away from zero, where kinks and poles are. */
export const awayFromZero = (v: number): number => (v < 0 ? v - 0.2 : v + 0.2);
/** Away from zero on one side. */
export const positive = (v: number): number => Math.abs(v) + 0.3;
/** Two shapes that broadcast to each other. */
export const broadcasting = fc
  .tuple(shape, fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 4, maxLength: 4 }), fc.nat(3))
  .map(([full, ones, cut]) => {
    const a = full.map((length, i) => (ones[i]![0] ? 1 : length));
    const b = full.map((length, i) => (ones[i]![1] ? 1 : length)).slice(Math.min(cut, full.length));
    return [a, b] as const;
  });

/** Sizes and steps of a convolution, none of them larger than need be. */
export const spread = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  groups: fc.integer({ min: 1, max: 3 }),
  channels: fc.integer({ min: 1, max: 3 }),
  outputs: fc.integer({ min: 1, max: 3 }),
  kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 })),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 })),
  dilations: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
  padding: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
  extra: fc.tuple(fc.nat(4), fc.nat(4)),
});
