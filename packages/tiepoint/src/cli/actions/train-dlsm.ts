import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { correlationNetwork, type Dlsm } from '@tiepoint/matching';
import { trainDlsm, type ValidationRecord, validationCurve } from '@tiepoint/training';
import { shippedDlsm } from '../../weights/shipped-dlsm.js';
import type { TrainFlags } from '../commands/train.js';
import type { CliSession } from '../session.js';
import { toolVersion } from '../version.js';
import { dlsmOption } from '../weights-option.js';

/** How much of each set is drawn, for the sets that the shipped weights come from; others count 1. */
const setWeights = { s1s2: 1.2, 'global-dem': 0.3 } as const;

async function startOf(start: string | undefined): Promise<Dlsm | undefined> {
  if (start === undefined) return undefined;
  if (start === 'shipped') return shippedDlsm();
  return (await dlsmOption(start)).dlsm ?? undefined;
}

async function writeCurve(out: string): Promise<void> {
  const lines = (await readFile(join(out, 'validation.jsonl'), 'utf8')).split('\n').filter((line) => line !== '');
  const records = lines.map((line) => JSON.parse(line) as ValidationRecord);
  await writeFile(join(out, 'validation.svg'), validationCurve(records));
}

/** Trains DLSM by the command line's options. @throws TiepointError of the manifests and weights. */
export async function runTrainDlsm(flags: TrainFlags, session: CliSession): Promise<void> {
  const start = await startOf(flags.start);
  if (start !== undefined && start.network !== correlationNetwork) {
    throw new TiepointError('weights-invalid', `weights of the network ${start.network.name} cannot be trained on`, {
      hint: 'start from the shipped weights, or from none',
      value: flags.start,
    });
  }
  const { pairs, stacks, out, steps, batch, learningRate, validateEvery, threads, seed, quiet } = flags;
  await trainDlsm({
    manifests: stacks === undefined ? { pairs } : { pairs, stacks },
    out,
    network: correlationNetwork,
    loss: 'ranked',
    ...(start === undefined ? {} : { start: start.parameters }),
    steps,
    batch,
    learningRate,
    seed,
    weights: setWeights,
    validateEvery,
    threads,
    provenance: `tiepoint ${toolVersion}`,
    signal: session.signal,
    onMessage: (text) => {
      session.progress('');
      if (!quiet) session.err(text);
    },
    onProgress: ({ step, loss, secondsLeft }) =>
      session.progress(`step ${step} of ${steps}, loss ${loss.toFixed(2)}, ${Math.ceil(secondsLeft / 60)} min left`),
  });
  await writeCurve(out);
  session.progress('');
  if (!quiet) await session.out(`${join(out, 'dlsm.safetensors')}\n${join(out, 'validation.svg')}\n`);
}
