import type { Random } from 'onnx-grad';

/** Chances of changes of an image's grey values. */
export interface GreyVariation {
  readonly inversion: number;
  readonly tone: number;
  readonly speckle: number;
  readonly noise: number;
}

/** What training uses unless told otherwise. */
export const defaultGreyVariation: GreyVariation = { inversion: 0.15, tone: 0.5, speckle: 0.2, noise: 0.3 };

/** Changes grey values (0 to 255, NaN where there is no ground), in place. */
export type GreyChange = (greys: Float32Array, offset: number, length: number) => void;

/** Draws how grey values change as other sensors and dates would change them: alike in all crops of an image, but for noise. */
export function drawGreyChange(random: Random, chances: GreyVariation): GreyChange {
  const happens = (chance: number): boolean => random.uniform() < chance;
  const power = happens(chances.tone) ? Math.exp(0.7 * (2 * random.uniform() - 1)) : 1;
  const inverted = happens(chances.inversion);
  const speckle = happens(chances.speckle) ? 0.05 + 0.3 * random.uniform() : 0;
  const noise = happens(chances.noise) ? 10 * random.uniform() : 0;
  return (greys, offset, length) => {
    for (let i = offset; i < offset + length; i++) {
      // Cubic convolution overshoots.
      let v = Math.min(255, Math.max(0, greys[i]!));
      if (power !== 1) v = 255 * (v / 255) ** power;
      if (inverted) v = 255 - v;
      if (speckle > 0) v *= Math.exp(speckle * random.normal());
      if (noise > 0) v += noise * random.normal();
      greys[i] = v;
    }
  };
}
