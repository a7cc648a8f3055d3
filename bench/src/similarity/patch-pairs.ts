import { join } from 'node:path';
import {
  createPairChooser,
  drawTriplets,
  loadTrainingPairs,
  noAugmentation,
  type TrainingPair,
} from '@tiepoint/training';
import { createRandom, mixSeeds } from 'onnx-grad';
import { patchArea } from './measure.js';

/** Sets figures are given for. */
const similaritySets = ['infrared', 'bands', 's1s2', 'metre-sar', 'global-dem'] as const;

/** Loads the pairs of a split by set; aerial pairs are bands of one camera and count as such. */
export async function loadSets(
  data: string,
  split: 'train' | 'val',
): Promise<ReadonlyMap<string, readonly TrainingPair[]>> {
  const source = { pairs: join(data, 'pairs.jsonl'), stacks: join(data, 'stacks.jsonl'), split };
  const pairs = (await loadTrainingPairs(source)).map((pair) =>
    pair.set === 'aerial' ? { ...pair, set: 'bands' } : pair,
  );
  return new Map(similaritySets.map((set) => [set, pairs.filter((pair) => pair.set === set)]));
}

/** Patch pairs of a set, each `[n, 2, 32, 32]`. */
export interface PatchPairs {
  /** Of the same place. */
  readonly positives: Float32Array;
  /** The same places, shifted by up to 2.5 px in each direction. */
  readonly shifted: Float32Array;
  /** Other ground of the same modality. */
  readonly negatives: Float32Array;
}

/**
 * Draws patch pairs without any augmentation but turns and mirrorings: `n` of each kind, a template of one side with patches of
 * the other.
 */
export function drawPatchPairs(pairs: readonly TrainingPair[], n: number, seed: number): PatchPairs {
  const random = createRandom(mixSeeds(seed, n));
  const { patches } = drawTriplets(createPairChooser(pairs), n, random, {
    augmentation: noAugmentation,
    shifts: [0, 2.5],
  });
  const withTemplate = (other: number): Float32Array => {
    const out = new Float32Array(n * 2 * patchArea);
    for (let i = 0; i < n; i++) {
      const patch = (index: number): Float32Array =>
        patches.subarray((4 * i + index) * patchArea, (4 * i + index + 1) * patchArea);
      out.set(patch(0), 2 * i * patchArea);
      out.set(patch(other), (2 * i + 1) * patchArea);
    }
    return out;
  };
  return { positives: withTemplate(1), shifted: withTemplate(2), negatives: withTemplate(3) };
}
