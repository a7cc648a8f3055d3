import type { DetectionNetwork } from '@tiepoint/matching';
import { adamW, conv, convParameters, createRandom, createTrainer, relu, type StepReport } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { createPairChooser } from '../sampling/choose-pair.js';
import { generatedPair } from '../testing/generated-pair.js';
import { cornerShare } from './consensus.js';
import { type DetectionLossWeights, detectionLosses, usesConsensus } from './loss-weights.js';
import { detectionProgram } from './program.js';
import { defaultWarp } from './random-warp.js';
import { drawWarpedPairs } from './warped-pairs.js';

const batch = 3;

/** Two layers at full resolution in place of Table 1's: trains in seconds, fails in the same ways. */
const toy: DetectionNetwork = {
  name: 'toy',
  multiple: 1,
  margin: 4,
  spoiled: 0,
  create: (random) => ({
    stem: [],
    reuse: [],
    body: [],
    decoder: [],
    upsampling: [
      convParameters(random, { inputs: 1, outputs: 8, kernel: 5 }),
      convParameters(random, { inputs: 8, outputs: 8, kernel: 3 }),
    ],
  }),
  build(p, images) {
    const [first, second] = p.upsampling;
    const features = conv(second!, relu(conv(first!, images, { padding: 2 })), { padding: 1 });
    return [{ features, stride: 1 }];
  },
};

async function trainToy(loss: DetectionLossWeights, steps: number, side = 48): Promise<StepReport[]> {
  const random = createRandom(1);
  const chooser = createPairChooser([generatedPair(1, 128), generatedPair(2, 128)]);
  const program = detectionProgram({
    network: toy,
    parameters: toy.create(random),
    batch,
    side,
    border: 8,
    scaleWeights: [1, 0, 0],
    optimizer: adamW(),
    loss,
  });
  await using trainer = await createTrainer(program, { threads: 1 });
  const reports: StepReport[] = [];
  const greys = { inversion: 0.3, tone: 0, speckle: 0, noise: 0 };
  for (let step = 0; step < steps; step++) {
    const pairs = drawWarpedPairs(chooser, batch, random, { side, warp: defaultWarp, greys, border: 8 });
    // As if steps were ten times as many: targets are the maps' own after the first 50.
    const share = usesConsensus(loss) ? { cornerShare: Float32Array.of(cornerShare(10 * step)) } : {};
    reports.push(await trainer.step({ ...pairs, ...share }, 1e-2));
  }
  return reports;
}

function mean(reports: readonly StepReport[], metric: string): number {
  return reports.reduce((sum, { metrics }) => sum + metrics[metric]!, 0) / reports.length;
}

describe('self-supervised detection', () => {
  it('collapses to a flat map by the Huber loss alone', async () => {
    const reports = await trainToy({ huber: 1, mutual: 0, contrast: 0, guidance: 0 }, 120);
    const [early, late] = [reports.slice(0, 5), reports.slice(-5)];
    expect(mean(late, 'huber')).toBeLessThan(0.2 * mean(early, 'huber'));
    expect(mean(late, 'spread')).toBeLessThan(0.5 * mean(early, 'spread'));
  });

  it('comes to find the same places in both images when each is asked for those of the other', async () => {
    const reports = await trainToy({ huber: 0, mutual: 1, contrast: 0, guidance: 0 }, 80, 80);
    const late = reports.slice(-20);
    expect(mean(late, 'common')).toBeGreaterThan(2 * mean(late, 'chance'));
    expect(mean(late, 'spread')).toBeGreaterThan(0.02);
  });

  it('makes features alike at one place and unlike elsewhere', async () => {
    const reports = await trainToy({ huber: 0, mutual: 0, contrast: 1, guidance: 0 }, 60, 96);
    expect(mean(reports.slice(-5), 'unlike')).toBeLessThan(0.8 * mean(reports.slice(0, 5), 'unlike'));
  });

  it('learns the corners both images share by guidance', async () => {
    const reports = await trainToy({ huber: 0, mutual: 0, contrast: 0, guidance: 1 }, 60, 96);
    expect(mean(reports.slice(-5), 'guided')).toBeLessThan(0.9 * mean(reports.slice(0, 5), 'guided'));
  });

  it.each(['consensus', 'spatial-softmax'] as const)(
    'comes to find the same places in both images by %s, which begins with corners',
    async (name) => {
      const reports = await trainToy({ ...detectionLosses[name], contrast: 0 }, 64, 80);
      const late = reports.slice(-20);
      expect(mean(late, 'common')).toBeGreaterThan(2 * mean(late, 'chance'));
      expect(mean(late, 'spread')).toBeGreaterThan(0.02);
    },
  );
});
