import { crossFusionNetwork, polarGrid } from '@tiepoint/matching';
import { adamW, createRandom, createTrainer } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { createPairChooser } from '../sampling/choose-pair.js';
import { generatedPair } from '../testing/generated-pair.js';
import { crossFusionProgram } from './program.js';
import { defaultKeypointSets, drawKeypointSets, type KeypointSetOptions } from './keypoint-sets.js';

const noChange = { inversion: 0, tone: 0, speckle: 0, noise: 0 };
const options: KeypointSetOptions = {
  ...defaultKeypointSets,
  patch: 32,
  keypoints: 16,
  frame: 160,
  greys: noChange,
  jitter: 0,
};

describe('keypoint sets', () => {
  const pair = generatedPair(1, 220);
  // Both images alike, so that patches of one place have the same greys.
  const chooser = createPairChooser([{ ...pair, sensed: pair.reference }]);
  // Small enough that patches lie wholly in the image.
  const none = { rotation: 0, scale: 1, perspective: 0, shift: 0 };
  const still = { ...options, frame: 88, warp: none, relative: { ...none, shift: 6 } };
  const sets = drawKeypointSets(chooser, 4, createRandom(1), still);

  it("have matches that are each other's, and points without one", () => {
    let matched = 0;
    for (const [row, j] of sets.matchOfA.entries()) {
      const base = row - (row % 16);
      if (j === 16n) continue;
      matched++;
      expect(sets.matchOfB[base + Number(j)]).toBe(BigInt(row - base));
    }
    expect(matched).toBeGreaterThan(10);
    expect(matched).toBeLessThan(64);
    expect(sets.matchOfB.filter((i) => i !== 16n).length).toBe(matched);
  });

  it('show the same ground where they match, and other ground elsewhere', () => {
    const area = polarGrid.rings * polarGrid.directions;
    const likeness = (a: number, b: number): number => {
      let sum = 0;
      for (let i = 0; i < area; i++) sum += sets.patchesA[a * area + i]! * sets.patchesB[b * area + i]!;
      return sum / area;
    };
    for (const [row, j] of sets.matchOfA.entries()) {
      const base = row - (row % 16);
      const others = Array.from({ length: 16 }, (_, k) => likeness(row, base + k));
      if (j === 16n) expect(Math.max(...others)).toBeLessThan(0.9);
      else expect(others[Number(j)]).toBeGreaterThan(0.9);
    }
  });
});

it('learns to match generated scenes', async () => {
  const network = crossFusionNetwork({ patch: 32, layers: 1 });
  const random = createRandom(3);
  const program = crossFusionProgram({
    network,
    parameters: network.create(random),
    batch: 4,
    keypoints: 16,
    optimizer: adamW(),
  });
  await using trainer = await createTrainer(program, { threads: 1 });
  const chooser = createPairChooser([generatedPair(4, 220), generatedPair(5, 220)]);
  const easy = { ...options, relative: { rotation: 0.2, scale: 1.1, perspective: 0, shift: 6 } };
  const losses: number[] = [];
  const mean = (part: readonly number[]): number => part.reduce((s, v) => s + v, 0) / part.length;
  // ln 17 is chance.
  const least = (): number => Math.min(0.9 * mean(losses.slice(0, 4)), Math.log(17));
  const hasLearned = (): boolean => losses.length >= 12 && mean(losses.slice(-8)) < least();
  while (losses.length < 40 && !hasLearned()) {
    losses.push((await trainer.step(drawKeypointSets(chooser, 4, random, easy), 1e-3)).loss);
  }
  expect(mean(losses.slice(-8))).toBeLessThan(least());
}, 120_000);
