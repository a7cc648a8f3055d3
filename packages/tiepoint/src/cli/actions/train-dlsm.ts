import { TiepointError } from '@tiepoint/geometry';
import { correlationNetwork, type Dlsm, paperNetwork } from '@tiepoint/matching';
import { trainDlsm, type ValidationRecord } from '@tiepoint/training';
import { shippedDlsm } from '../../weights/shipped-dlsm.js';
import type { CliSession } from '../session.js';
import type { TrainDlsmFlags } from '../commands/train-dlsm.js';
import { finishRun, manifestsOf, runOptionsOf, setWeights } from '../training-run.js';
import { dlsmOption } from '../weights-option.js';

async function startOf(start: string | undefined): Promise<Dlsm | undefined> {
  if (start === undefined) return undefined;
  if (start === 'shipped') return shippedDlsm();
  return (await dlsmOption(start)).dlsm ?? undefined;
}

/** Trains DLSM by the command line's options. @throws TiepointError of the manifests and weights. */
export async function runTrainDlsm(flags: TrainDlsmFlags, session: CliSession): Promise<void> {
  const network = flags.network === 'paper' ? paperNetwork : correlationNetwork;
  const start = await startOf(flags.start);
  if (start !== undefined && start.network !== network) {
    throw new TiepointError('weights-invalid', `weights of the network ${start.network.name} cannot be trained on`, {
      hint: `start from weights of the network ${network.name} (--network), or from none`,
      value: flags.start,
    });
  }
  await trainDlsm({
    ...runOptionsOf(flags, session),
    manifests: manifestsOf(flags),
    network,
    loss: flags.loss,
    start: start?.parameters,
    batch: flags.batch,
    weights: setWeights.dlsm,
  });
  const read = (line: string): { step: number; values: Record<string, number> } => {
    const { step, rows } = JSON.parse(line) as ValidationRecord;
    return { step, values: Object.fromEntries(rows.map(({ set, auc }) => [set, auc])) };
  };
  await finishRun(flags, 'dlsm.safetensors', { label: 'AUC', read }, session);
}
