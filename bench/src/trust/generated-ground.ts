import { createRandom, type Plane, type Random } from '@tiepoint/geometry';

/** Where a generated scene is looked at. */
export interface GroundView {
  /** Side of the image, px. */
  readonly size: number;
  /** Distance of the pattern's repetition, px. */
  readonly period: number;
  /** Its place on the ground, px. */
  readonly offset: readonly [number, number];
  /** Of the ground; two views of one seed show the same. */
  readonly seed: number;
  /** Of this view alone. */
  readonly noise: Random;
}

/** Fields of one size in rows and columns, each a little different in brightness, with noise: a pattern that nearly repeats. */
export function fields({ size, period, offset, seed, noise }: GroundView): Plane {
  const random = createRandom(seed);
  const cells = Math.ceil((size + 400) / period);
  const brightness = Float32Array.from({ length: cells * cells }, () => 4 * random.normal());
  const data = Float32Array.from({ length: size * size }, (_, i) => {
    const x = (i % size) + offset[0] + 200;
    const y = Math.floor(i / size) + offset[1] + 200;
    const [u, v] = [x / period, y / period];
    const inField = u % 1 > 0.12 && v % 1 > 0.12;
    const striped = 12 * Math.sin(2 * Math.PI * 3 * u);
    return 110 + (inField ? 40 + striped + brightness[Math.floor(v) * cells + Math.floor(u)]! : 0) + 6 * noise.normal();
  });
  return { width: size, height: size, data };
}

/** Waves of lengths about `period` and directions about `towards` (radians), as a function of place: the sum of thirty sines. */
function waves(period: number, towards: number, spread: number, random: Random): (x: number, y: number) => number {
  const sines = Array.from({ length: 30 }, () => {
    const angle = towards + spread * random.normal();
    const k = ((2 * Math.PI) / period) * Math.exp(0.5 * spread * random.normal());
    return [k * Math.cos(angle), k * Math.sin(angle), 2 * Math.PI * random.uniform()] as const;
  });
  return (x, y) => sines.reduce((sum, [kx, ky, phase]) => sum + Math.sin(kx * x + ky * y + phase), 0) / Math.sqrt(15);
}

/** Dunes: ridges at nearly equal distances that fork and end now and then. */
export function dunes({ size, period, offset, seed, noise }: GroundView): Plane {
  const random = createRandom(seed);
  const height = waves(period, 2 * Math.PI * random.uniform(), 0.12, random);
  const data = Float32Array.from({ length: size * size }, (_, i) => {
    const crest = height((i % size) + offset[0], Math.floor(i / size) + offset[1]);
    return 130 + 40 * Math.tanh(1.5 * crest) + 6 * noise.normal();
  });
  return { width: size, height: size, data };
}

/** Open water: waves of one wind that another look does not find again, and speckle. */
export function water({ size, period, seed, noise }: GroundView): Plane {
  const height = waves(period, 2 * Math.PI * createRandom(seed).uniform(), 0.35, noise);
  const data = Float32Array.from({ length: size * size }, (_, i) => {
    return 90 + 12 * height(i % size, Math.floor(i / size)) + 10 * noise.normal();
  });
  return { width: size, height: size, data };
}
