import { buildModel, createSession, input } from 'onnx-grad';
import { expect, it } from 'vitest';
import { strongestPeaks } from './strongest-peaks.js';

it('marks so many peaks, the strongest that are not masked and not beside a stronger one', async () => {
  const side = 24;
  const at = (x: number, y: number): number => y * side + x;
  const map = new Float32Array(side * side).fill(-5);
  const mask = new Float32Array(side * side).fill(1);
  // Strongest, but masked; second, beside it 3 px; third; fourth, weaker than were asked for.
  map[at(20, 20)] = 9;
  mask[at(20, 20)] = 0;
  map[at(5, 5)] = 4;
  map[at(8, 5)] = 3.5;
  map[at(15, 6)] = 3;
  map[at(6, 16)] = 2;
  const shape = [1, 1, side, side];
  const peaks = strongestPeaks(input('map', shape), input('mask', shape), 2);
  await using session = await createSession(buildModel({ outputs: { peaks } }));
  const found = await session.run({ map, mask });
  const marked = [...found.peaks.entries()].filter(([, v]) => v === 1).map(([i]) => i);
  expect(marked).toEqual([at(5, 5), at(15, 6)]);
});
