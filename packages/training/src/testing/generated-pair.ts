import { affine, createRandom, type MatrixTransform } from '@tiepoint/geometry';
import type { TrainingImage } from '../data/training-image.js';
import type { TrainingPair } from '../data/training-pairs.js';

type Scene = (x: number, y: number) => number;

/** Soft blobs of many sizes: a scene that can be looked at anywhere, also between pixels. */
function generatedScene(seed: number, side: number): Scene {
  const random = createRandom(seed);
  const blobs = Array.from({ length: Math.round((side * side) / 60) }, () => ({
    x: random.uniform() * side,
    y: random.uniform() * side,
    inverse: 1 / (2 * (1.2 + 5 * random.uniform() ** 3) ** 2),
    value: 120 * (random.uniform() - 0.5),
  }));
  return (x, y) => {
    let sum = 128;
    for (const blob of blobs) {
      const exponent = ((x - blob.x) ** 2 + (y - blob.y) ** 2) * blob.inverse;
      if (exponent < 9) sum += blob.value * Math.exp(-exponent);
    }
    return sum;
  };
}

function picture(side: number, grey: Scene): TrainingImage {
  const data = new Uint8ClampedArray(side * side);
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) data[y * side + x] = grey(x + 0.5, y + 0.5);
  return { width: side, height: side, data };
}

/**
 * Two pictures of one generated scene, the second inverted in contrast.
 *
 * @param referenceToSensed - how the second lies
 * @param said - what the pair says of it; the same unless given
 */
export function generatedPair(
  seed: number,
  side: number,
  referenceToSensed: MatrixTransform = affine(1, 0, 0, 0, 1, 0),
  said: MatrixTransform = referenceToSensed,
): TrainingPair {
  const scene = generatedScene(seed, side);
  const [a, b, c, d, e, f] = referenceToSensed.matrix;
  const det = a * e - b * d;
  const sensed = picture(side, (x, y) => {
    const [u, v] = [x - c, y - f];
    return 255 - scene((e * u - b * v) / det, (a * v - d * u) / det);
  });
  return {
    id: `generated ${seed}`,
    set: 'generated',
    group: String(seed),
    reference: picture(side, scene),
    sensed,
    referenceToSensed: said,
    alignmentErrorPx: 1,
  };
}
