import type { Random } from 'onnx-grad';
import { type Linear, patchSide } from '@tiepoint/matching';

/** How likely and how strong changes of a patch are. */
export interface Augmentation {
  readonly inversion: number;
  readonly tone: number;
  readonly speckle: number;
  readonly noise: number;
  readonly shading: number;
  readonly blur: number;
  readonly border: number;
  /** Difference in scale of the two sides, a share: 0.1 is ±10 %. */
  readonly scale: number;
  /** Difference in rotation of the two sides, rad. */
  readonly rotation: number;
}

/** What training uses unless told otherwise. */
export const defaultAugmentation: Augmentation = {
  inversion: 0.1,
  tone: 0.5,
  speckle: 0.15,
  noise: 0.3,
  shading: 0.2,
  blur: 0.1,
  border: 0.05,
  scale: 0.1,
  rotation: 0.07,
};

/** Grey values and geometry as they are. */
export const noAugmentation: Augmentation = {
  inversion: 0,
  tone: 0,
  speckle: 0,
  noise: 0,
  shading: 0,
  blur: 0,
  border: 0,
  scale: 0,
  rotation: 0,
};

/** One of the eight turns and mirrorings of a square. */
export function dihedral(random: Random): Linear {
  const turns: readonly Linear[] = [
    [1, 0, 0, 1],
    [0, -1, 1, 0],
    [-1, 0, 0, -1],
    [0, 1, -1, 0],
  ];
  const [a, b, c, d] = turns[random.integer(4)]!;
  return random.uniform() < 0.5 ? [a, b, c, d] : [-a, b, -c, d];
}

/** A small rotation and change of scale, as one side may have against the other. */
export function smallSimilarity(random: Random, { scale, rotation }: Augmentation): Linear {
  // Most georeferences are far better than the extremes.
  const size = 1 + scale * (2 * random.uniform() - 1) * random.uniform();
  const angle = rotation * (2 * random.uniform() - 1) * random.uniform();
  const [c, s] = [size * Math.cos(angle), size * Math.sin(angle)];
  return [c, -s, s, c];
}

/** `first`, then `second`. */
export function composeLinear(second: Linear, first: Linear): Linear {
  const [a, b, c, d] = second;
  const [e, f, g, h] = first;
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
}

function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

/** A random curve over grey values 0 to 255: a power, sometimes with waves that keep the order of most values only. */
function toneCurve(random: Random): Float32Array {
  const power = Math.exp(between(random, -0.7, 0.7));
  const waves = random.uniform() < 0.4 ? between(random, 0, 0.12) : 0;
  const phase = between(random, 0, 2 * Math.PI);
  const turns = between(random, 0.5, 1.5);
  const curve = new Float32Array(256);
  for (let i = 0; i < 256; i++) {
    const t = i / 255;
    curve[i] = 255 * (t ** power + waves * Math.sin(2 * Math.PI * turns * t + phase));
  }
  return curve;
}

/** The value of a curve between its 256 places. */
function onCurve(curve: Float32Array, v: number): number {
  const t = Math.min(Math.max(v, 0), 254.999);
  const i = Math.floor(t);
  return Number.isNaN(v) ? v : curve[i]! + (t - i) * (curve[i + 1]! - curve[i]!);
}

function blurPatch(patch: Float32Array, offset: number, side: number): void {
  const source = patch.slice(offset, offset + side * side);
  const clamp = (i: number): number => Math.min(side - 1, Math.max(0, i));
  const kernel = [0.25, 0.5, 0.25];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let sum = 0;
      for (let j = 0; j < 3; j++) {
        for (let i = 0; i < 3; i++)
          sum += kernel[i]! * kernel[j]! * source[clamp(y + j - 1) * side + clamp(x + i - 1)]!;
      }
      patch[offset + y * side + x] = sum;
    }
  }
}

/** Makes the patch invalid beyond a straight line that cuts off up to a third of it, as the edge of a scene does. */
function cutBorder(random: Random, patch: Float32Array, offset: number, side: number): void {
  const angle = random.uniform() * 2 * Math.PI;
  const reach = between(random, 0.2, 0.5) * side;
  const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
  for (let i = 0; i < side * side; i++) {
    const u = (i % side) + 0.5 - side / 2;
    const v = Math.floor(i / side) + 0.5 - side / 2;
    if (nx * u + ny * v > reach) patch[offset + i] = Number.NaN;
  }
}

/**
 * Changes grey values of a patch (0 to 255, NaN where invalid) as other sensors, dates and processing would, in place.
 *
 * @param side - px
 */
export function augmentPatch(
  random: Random,
  patch: Float32Array,
  offset: number,
  chances: Augmentation,
  side: number = patchSide,
): void {
  const end = offset + side * side;
  const happens = (chance: number): boolean => random.uniform() < chance;
  const change = (f: (v: number, i: number) => number): void => {
    for (let i = offset; i < end; i++) patch[i] = f(patch[i]!, i - offset);
  };
  if (happens(chances.blur)) blurPatch(patch, offset, side);
  if (happens(chances.tone)) {
    const curve = toneCurve(random);
    change((v) => onCurve(curve, v));
  }
  if (happens(chances.inversion)) change((v) => 255 - v);
  if (happens(chances.speckle)) {
    const strength = between(random, 0.05, 0.35);
    change((v) => v * Math.exp(strength * random.normal()));
  }
  if (happens(chances.shading)) {
    const [gx, gy] = [between(random, -0.02, 0.02), between(random, -0.02, 0.02)];
    change((v, i) => v * (1 + gx * ((i % side) - side / 2) + gy * (Math.floor(i / side) - side / 2)));
  }
  if (happens(chances.noise)) {
    const deviation = between(random, 0, 10);
    change((v) => v + deviation * random.normal());
  }
  if (happens(chances.border)) cutBorder(random, patch, offset, side);
}
