import { type CrossFusionNetwork, type CrossFusionParameters, polarGrid } from '@tiepoint/matching';
import {
  argMax,
  buildModel,
  cast,
  createRandom,
  createSession,
  inference,
  input,
  parameterConstants,
  reshape,
} from 'onnx-grad';
import type { TrainingPair } from '../data/training-pairs.js';
import { createPairChooser } from '../sampling/choose-pair.js';
import { drawKeypointSets, type KeypointSetBatch, type KeypointSetOptions } from './keypoint-sets.js';

/** Keypoint sets of one set of pairs, the same at each validation. */
export interface MatchingValidationSet {
  readonly set: string;
  readonly keypoints: number;
  readonly sets: KeypointSetBatch;
}

/** Pairs of keypoint sets of each set. */
const setCount = 8;

/** Draws keypoint sets of each set of pairs, grey values as they are. */
export function drawMatchingValidation(
  pairs: readonly TrainingPair[],
  options: KeypointSetOptions,
): MatchingValidationSet[] {
  const greys = { inversion: 0, tone: 0, speckle: 0, noise: 0 };
  return createPairChooser(pairs).sets.map((set) => {
    const chooser = createPairChooser(pairs.filter((pair) => pair.set === set));
    const sets = drawKeypointSets(chooser, setCount, createRandom(1), { ...options, greys });
    return { set, keypoints: options.keypoints, sets };
  });
}

/** The share of points with a match for which the network's first choice, none included, is it; by set. */
export async function validateMatcher(
  network: CrossFusionNetwork,
  parameters: CrossFusionParameters,
  validation: readonly MatchingValidationSet[],
  threads: number,
): Promise<Record<string, number>> {
  const [{ keypoints } = { keypoints: 1 }] = validation;
  const p = parameterConstants(parameters);
  const encode = (name: string) => {
    const patches = input(name, [setCount * keypoints, 1, polarGrid.rings, polarGrid.directions]);
    return reshape(network.encode(p, patches, inference), [setCount, keypoints, -1]);
  };
  const places = (name: string) => input(name, [setCount, keypoints, 2]);
  const { ofA } = network.match(p, encode('patchesA'), encode('patchesB'), {
    placesA: places('placesA'),
    placesB: places('placesB'),
  });
  const model = buildModel({ outputs: { choice: cast(argMax(ofA, 2), 'float32') } });
  await using session = await createSession(model, { threads });
  const shares: Record<string, number> = {};
  for (const { set, sets } of validation) {
    const { patchesA, patchesB, placesA, placesB, matchOfA } = sets;
    const { choice } = await session.run({ patchesA, patchesB, placesA, placesB });
    let [right, all] = [0, 0];
    for (const [i, match] of matchOfA.entries()) {
      if (Number(match) === keypoints) continue;
      all++;
      if (choice[i] === Number(match)) right++;
    }
    shares[set] = all === 0 ? 0 : right / all;
  }
  return shares;
}
