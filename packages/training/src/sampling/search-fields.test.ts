import { affine } from '@tiepoint/geometry';
import { patchSide } from '@tiepoint/matching';
import { createRandom } from 'onnx-grad';
import { expect, test } from 'vitest';
import type { TrainingImage } from '../data/training-image.js';
import { createPairChooser } from './choose-pair.js';
import { drawSearchFields } from './search-fields.js';

const patchArea = patchSide * patchSide;

/** Smooth waves, moved by (dx, dy) px. */
function waves(dx: number, dy: number): TrainingImage {
  const [width, height] = [600, 500];
  const data = Uint8ClampedArray.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) - dx, Math.floor(i / width) - dy];
    return 128 + 45 * Math.sin(0.31 * x + 0.12 * y) + 45 * Math.sin(0.09 * x - 0.36 * y + 1) + 30 * Math.sin(0.26 * x);
  });
  return { width, height, data };
}

test('the template matches best where the truth says', () => {
  const pair = {
    id: 'waves',
    set: 'waves',
    group: 'waves',
    reference: waves(0, 0),
    sensed: waves(4, -3),
    referenceToSensed: affine(1, 0, 4, 0, 1, -3),
    alignmentErrorPx: 0,
  };
  const options = { shift: 2, radius: 3 };
  const { pairs, truth, side, count, cut } = drawSearchFields(createPairChooser([pair]), 12, createRandom(5), options);
  expect(side).toBe(7);
  for (let field = 0; field < count; field++) {
    let [best, at] = [Infinity, -1];
    for (let i = 0; i < side * side; i++) {
      const base = (field * side * side + i) * 2 * patchArea;
      let squares = 0;
      for (let k = 0; k < patchArea; k++) squares += (pairs[base + k]! - pairs[base + patchArea + k]!) ** 2;
      if (squares < best) [best, at] = [squares, i];
    }
    // The nearest whole offset, or its neighbour where the truth is half-way.
    expect(Math.abs((at % side) - 3 - truth[2 * field]!)).toBeLessThan(0.75);
    expect(Math.abs(Math.floor(at / side) - 3 - truth[2 * field + 1]!)).toBeLessThan(0.75);
    // Cut again at a whole offset it is the same pair, and at the truth the best.
    const again = new Float32Array(2 * patchArea);
    const base = (field * side * side + 2 * side + 1) * 2 * patchArea;
    expect(cut(field, -2, -1, again, 0)).toBe(true);
    expect(again).toEqual(pairs.slice(base, base + 2 * patchArea));
    cut(field, truth[2 * field]!, truth[2 * field + 1]!, again, 0);
    const there = again.subarray(0, patchArea).reduce((sum, v, k) => sum + (v - again[patchArea + k]!) ** 2, 0);
    expect(there).toBeLessThan(best + 1e-6);
  }
});
