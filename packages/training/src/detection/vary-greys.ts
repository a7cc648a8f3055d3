import type { Random } from 'onnx-grad';

/** Chances of changes of a crop's grey values. */
export interface GreyVariation {
  readonly inversion: number;
  readonly tone: number;
  readonly speckle: number;
  readonly noise: number;
}

/** What training uses unless told otherwise. */
export const defaultGreyVariation: GreyVariation = { inversion: 0.15, tone: 0.5, speckle: 0.2, noise: 0.3 };

/** Changes grey values (0 to 255, NaN where there is no ground) as other sensors and dates would, in place. */
export function varyGreys(
  random: Random,
  crop: Float32Array,
  offset: number,
  length: number,
  chances: GreyVariation,
): void {
  const happens = (chance: number): boolean => random.uniform() < chance;
  const change = (f: (v: number) => number): void => {
    for (let i = offset; i < offset + length; i++) crop[i] = f(crop[i]!);
  };
  // Cubic convolution overshoots.
  change((v) => Math.min(255, Math.max(0, v)));
  if (happens(chances.tone)) {
    const power = Math.exp(0.7 * (2 * random.uniform() - 1));
    change((v) => 255 * (v / 255) ** power);
  }
  if (happens(chances.inversion)) change((v) => 255 - v);
  if (happens(chances.speckle)) {
    const strength = 0.05 + 0.3 * random.uniform();
    change((v) => v * Math.exp(strength * random.normal()));
  }
  if (happens(chances.noise)) {
    const deviation = 10 * random.uniform();
    change((v) => v + deviation * random.normal());
  }
}
