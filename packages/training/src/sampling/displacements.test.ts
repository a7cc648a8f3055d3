import { affine } from '@tiepoint/geometry';
import { patchSide } from '@tiepoint/matching';
import { createRandom } from 'onnx-grad';
import { expect, test } from 'vitest';
import type { TrainingImage } from '../data/training-image.js';
import { noAugmentation } from './augment.js';
import { createPairChooser } from './choose-pair.js';
import { drawDisplacements } from './displacements.js';

const patchArea = patchSide * patchSide;
const options = { shift: 2, radius: 3, augmentation: noAugmentation };
const side = 7;

/** Waves, moved by (dx, dy) px. */
function waves(dx: number, dy: number): TrainingImage {
  const [width, height] = [300, 300];
  const data = Uint8ClampedArray.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) - dx, Math.floor(i / width) - dy];
    return 128 + 45 * Math.sin(0.31 * x + 0.12 * y) + 45 * Math.sin(0.09 * x - 0.36 * y + 1) + 30 * Math.sin(0.26 * x);
  });
  return { width, height, data };
}

const chooser = createPairChooser([
  {
    id: 'waves',
    set: 'waves',
    group: 'waves',
    reference: waves(0, 0),
    sensed: waves(4, -3),
    referenceToSensed: affine(1, 0, 4, 0, 1, -3),
    alignmentErrorPx: 0,
  },
]);

test('the template is like the patch at the displacement that the truth says', () => {
  const count = 8;
  const { patches, truth } = drawDisplacements(chooser, count, createRandom(5), options);
  for (let field = 0; field < count; field++) {
    const base = field * (1 + side * side) * patchArea;
    let [best, at] = [Infinity, -1];
    for (let i = 0; i < side * side; i++) {
      let squares = 0;
      for (let k = 0; k < patchArea; k++) {
        squares += (patches[base + k]! - patches[base + (1 + i) * patchArea + k]!) ** 2;
      }
      if (squares < best) [best, at] = [squares, i];
    }
    // The nearest whole offset, or its neighbour where the truth is half-way.
    expect(Math.abs((at % side) - 3 - truth[2 * field]!)).toBeLessThan(0.75);
    expect(Math.abs(Math.floor(at / side) - 3 - truth[2 * field + 1]!)).toBeLessThan(0.75);
  }
});

test('patches of one field share what augmentation does to the ground', () => {
  const speckled = { ...options, augmentation: { ...noAugmentation, speckle: 1 } };
  const { patches } = drawDisplacements(chooser, 1, createRandom(6), speckled);
  // Row 5 of the patch one displacement further down is row 6 of this one, but for its mean and deviation.
  const row = (index: number, y: number): Float32Array =>
    patches.subarray((1 + index) * patchArea + y * patchSide, (1 + index) * patchArea + (y + 1) * patchSide);
  const [a, b] = [row(0, 6), row(side, 5)];
  const scale = (a[1]! - a[0]!) / (b[1]! - b[0]!);
  for (let x = 1; x < patchSide; x++) expect((b[x]! - b[0]!) * scale).toBeCloseTo(a[x]! - a[0]!, 3);
});
