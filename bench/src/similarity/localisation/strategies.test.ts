import { affine, median } from '@tiepoint/geometry';
import { createEngine } from '@tiepoint/matching';
import { createPairChooser, type TrainingImage } from '@tiepoint/training';
import { drawSearchFields, type SearchFields } from '@tiepoint/training/evaluation';
import { createRandom } from 'onnx-grad';
import { shippedDlsm } from 'tiepoint';
import { expect, test } from 'vitest';
import { dlsmMeasure } from '../dlsm-measure.js';
import type { Found } from './quadratic-peak.js';

/** Waves of many directions, moved by (dx, dy) px. */
function waves(dx: number, dy: number): TrainingImage {
  const random = createRandom(1);
  const all = Array.from(
    { length: 12 },
    () => [random.normal() * 0.25, random.normal() * 0.25, 6 * random.uniform()] as const,
  );
  const [width, height] = [200, 200];
  const data = Uint8ClampedArray.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) - dx, Math.floor(i / width) - dy];
    return all.reduce((sum, [u, v, phase]) => sum + 15 * Math.sin(u * x + v * y + phase), 128);
  });
  return { width, height, data };
}

function fieldsOf(count: number): SearchFields {
  const pair = {
    id: 'waves',
    set: 'waves',
    group: 'waves',
    reference: waves(0, 0),
    sensed: waves(4, -3),
    referenceToSensed: affine(1, 0, 4, 0, 1, -3),
    alignmentErrorPx: 0,
  };
  return drawSearchFields(createPairChooser([pair]), count, createRandom(5), { shift: 2, radius: 3 });
}

test('all four find the truth, and the second looks again where the first has been', async () => {
  await using engine = createEngine();
  const { localise, strategies } = dlsmMeasure(engine, 'shipped', await shippedDlsm());
  const fields = fieldsOf(8);
  const medianError = (found: readonly Found[]): number =>
    median(found.map(({ x, y }, i) => Math.hypot(x - fields.truth[2 * i]!, y - fields.truth[2 * i + 1]!)));
  const { strategy1, strategy2, strategy3 } = strategies!;
  const first = await strategy1!(fields);
  const second = await strategy2!(fields);
  for (const found of [first, second, await strategy3!(fields), await localise!(fields)]) {
    expect(found).toHaveLength(8);
    expect(medianError(found)).toBeLessThan(0.5);
  }
  expect(second).not.toEqual(first);
  // Where nothing can be cut, the first stands.
  expect(await strategy2!({ ...fields, cut: () => false })).toEqual(first);
}, 60_000);
