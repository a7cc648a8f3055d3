import { normalisePatch, patchSide } from '@tiepoint/matching';
import {
  type ParameterTree,
  adam,
  buildModel,
  createRandom,
  createSession,
  createTrainer,
  input,
  parameterConstants,
} from 'onnx-grad';
import { describe, expect, test } from 'vitest';
import type { TripletBatch } from '@tiepoint/training';
import { patchesPerTriplet } from '@tiepoint/training/evaluation';
import { rivals } from './rivals.js';

const patchArea = patchSide * patchSide;
const batch = 8;

/** Waves of random directions at (dx, dy) px from where they began. */
function waves(seed: number, dx: number, dy: number, reversed: boolean): Float32Array {
  const random = createRandom(seed);
  const all = Array.from(
    { length: 6 },
    () => [random.normal() * 0.25, random.normal() * 0.25, 6 * random.uniform()] as const,
  );
  const patch = Float32Array.from({ length: patchArea }, (_, i) => {
    const [x, y] = [(i % patchSide) + dx, Math.floor(i / patchSide) + dy];
    return all.reduce((sum, [fx, fy, phase]) => sum + 30 * Math.sin(fx * x + fy * y + phase), 0) * (reversed ? -1 : 1);
  });
  normalisePatch(patch, 0);
  return patch;
}

function triplets(): TripletBatch {
  const random = createRandom(3);
  const patches = new Float32Array(batch * patchesPerTriplet * patchArea);
  const shifts = Float32Array.from(
    { length: batch * 4 },
    (_, i) => (2 * random.uniform() - 1) * (i % 4 < 2 ? 1.5 : 2.5),
  );
  for (let i = 0; i < batch; i++) {
    const put = (index: number, patch: Float32Array): void =>
      patches.set(patch, (i * patchesPerTriplet + index) * patchArea);
    put(0, waves(i, 0, 0, false));
    put(1, waves(i, shifts[4 * i]!, shifts[4 * i + 1]!, true));
    put(2, waves(i, shifts[4 * i + 2]!, shifts[4 * i + 3]!, true));
    put(3, waves(100 + i, 0, 0, true));
  }
  return { patches, shifts };
}

/** Rivals of displacements have batches of their own, and a test beside them. */
const ofTriplets = Object.keys(rivals).filter((name) => rivals[name]!.displacements === undefined);

describe.each(ofTriplets)('%s', (name) => {
  test('the loss falls and the pairs come into order', async () => {
    const rival = rivals[name]!;
    const data = triplets();
    const program = rival.program({ parameters: rival.create(createRandom(1)), batch, optimizer: adam() });
    await using trainer = await createTrainer(program);
    const first = await trainer.step(data, 1e-3);
    let last = first;
    for (let step = 0; step < 25; step++) last = await trainer.step(data, 1e-3);
    expect(last.loss).toBeLessThan(first.loss - 0.05 * Math.abs(first.loss));

    const trained: ParameterTree = trainer.parameters();
    const similarity = rival.similarity(
      parameterConstants(trained),
      input('pairs', [2 * batch, 2, patchSide, patchSide]),
    );
    await using session = await createSession(buildModel({ outputs: { similarity } }));
    const pairs = new Float32Array(2 * batch * 2 * patchArea);
    for (let i = 0; i < 2 * batch; i++) {
      const at = (index: number): number => ((i % batch) * patchesPerTriplet + index) * patchArea;
      const partner = at(i < batch ? 1 : 3);
      pairs.set(data.patches.subarray(at(0), at(0) + patchArea), 2 * i * patchArea);
      pairs.set(data.patches.subarray(partner, partner + patchArea), (2 * i + 1) * patchArea);
    }
    const scores = (await session.run({ pairs })).similarity;
    let right = 0;
    for (const p of scores.subarray(0, batch)) for (const n of scores.subarray(batch)) if (p > n) right++;
    expect(right / batch ** 2).toBeGreaterThan(0.8);
  });
});
