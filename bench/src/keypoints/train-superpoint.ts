import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultGreyVariation, defaultWarp, type WarpedPairSourceOptions } from '@tiepoint/training';
import {
  alignTrainingPairs,
  borderOf,
  runTraining,
  settingsOfData,
  warpedPairSource,
} from '@tiepoint/training/evaluation';
import { encodeParameters } from '../encode-parameters.js';
import { adamW, createRandom } from 'onnx-grad';
import { superPointParameters } from './superpoint-network.js';
import { superPointProgram } from './superpoint-training.js';

const usage = `npm run -s train-superpoint -- --out DIR [--data DIR] [--steps N] [--batch N] [--side PX] [--rate R] [--seed N]
Trains SuperPoint's architecture as a stand-in for the published weights: DIR/superpoint-stand-in.safetensors.`;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    out: { type: 'string' },
    steps: { type: 'string', default: '3000' },
    batch: { type: 'string', default: '2' },
    side: { type: 'string', default: '128' },
    rate: { type: 'string', default: '0.0005' },
    seed: { type: 'string', default: '1' },
  },
});

const { out } = values;
if (out === undefined) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort(new Error('interrupted; the same command goes on from here')));
  const { signal } = abort;
  const [steps, batch, side, seed] = [values.steps, values.batch, values.side, values.seed].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  // As far as the light detector sees, beside which it is compared.
  const border = borderOf(side, 40);
  const manifests = { pairs: join(values.data, 'pairs.jsonl'), stacks: join(values.data, 'stacks.jsonl') };
  const onMessage = (text: string): void => console.error(text);
  const crops = {
    weights: { s1s2: 1.2, 'global-dem': 0.3 },
    batch,
    side,
    warp: defaultWarp,
    border,
    greys: defaultGreyVariation,
  };
  const alignments = await alignTrainingPairs(manifests, { out, seed, signal, onMessage });
  const source: WarpedPairSourceOptions = { ...crops, source: { ...manifests, split: 'train' }, alignments };
  await runTraining(
    {
      program: superPointProgram({
        parameters: superPointParameters(createRandom(seed)),
        batch,
        side,
        border,
        optimizer: adamW({ weightDecay: 0.01 }),
        average: 0.998,
      }),
      source: { module: warpedPairSource, options: source },
      // Measured by the bench, beside the others.
      settings: { network: 'superpoint', ...crops, data: await settingsOfData(manifests, alignments) },
      encode: (parameters, provenance) => encodeParameters(parameters, { provenance }),
      file: 'superpoint-stand-in.safetensors',
    },
    {
      out,
      steps,
      learningRate: Number(values.rate),
      seed,
      validateEvery: Math.min(500, steps),
      provenance: "SuperPoint's architecture, self-supervised on warped pairs",
      signal,
      onMessage,
      onProgress: ({ step, loss, secondsLeft }) => {
        if (step % 20 === 0)
          console.error(`${step}/${steps}: loss ${loss.toFixed(3)}, ${(secondsLeft / 60).toFixed(0)} min left`);
      },
    },
  );
}
