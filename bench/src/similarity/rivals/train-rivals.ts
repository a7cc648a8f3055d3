import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultAugmentation, type StoredAlignment } from '@tiepoint/training';
import { rivals } from './rivals.js';
import { trainRival } from './train-rival.js';

const usage = `npm run -s train-rivals -- --loss NAME --out DIR [--data DIR] [--steps N] [--batch N] [--rate R] [--seed N] [--alignments FILE]
losses: ${Object.keys(rivals).join(', ')}; several with commas, one after the other`;

/** How often each set is drawn: those with more ground that differs more often. */
const weights = { infrared: 0.22, bands: 0.2, s1s2: 0.28, 'metre-sar': 0.22, 'global-dem': 0.08 };

function readAlignments(path: string | undefined): readonly StoredAlignment[] {
  if (path === undefined) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as StoredAlignment);
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    out: { type: 'string' },
    loss: { type: 'string' },
    steps: { type: 'string', default: '7200' },
    batch: { type: 'string', default: '64' },
    rate: { type: 'string', default: '0.001' },
    seed: { type: 'string', default: '1' },
    alignments: { type: 'string' },
  },
});

const names = values.loss?.split(',') ?? [];
if (values.out === undefined || names.length === 0 || names.some((name) => !(name in rivals))) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort(new Error('interrupted; the same command goes on from here')));
  for (const name of names) {
    await trainRival({
      name,
      out: values.out,
      steps: Number(values.steps),
      learningRate: Number(values.rate),
      seed: Number(values.seed),
      triplets: {
        source: { pairs: join(values.data, 'pairs.jsonl'), stacks: join(values.data, 'stacks.jsonl'), split: 'train' },
        weights,
        alignments: readAlignments(values.alignments),
        batch: Number(values.batch),
        augmentation: defaultAugmentation,
        shifts: [1.5, 2.5],
      },
      signal: abort.signal,
      onProgress: ({ step, steps, loss, stepsPerSecond, secondsLeft }) => {
        const minutes = (secondsLeft / 60).toFixed(0);
        const rate = stepsPerSecond.toFixed(1);
        if (step % 20 === 0 || step === steps)
          console.error(`${name} ${step}/${steps}: loss ${loss.toFixed(4)}, ${rate} steps/s, ${minutes} min left`);
      },
    });
  }
}
