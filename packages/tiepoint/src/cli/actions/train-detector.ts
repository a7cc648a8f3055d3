import { TiepointError } from '@tiepoint/geometry';
import { detectionNetwork } from '@tiepoint/matching';
import { detectionLosses, trainDetector } from '@tiepoint/training';
import type { TrainDetectorFlags } from '../commands/train-detector.js';
import { detectorOption } from '../keypoints-option.js';
import type { CliSession } from '../session.js';
import { finishRun, manifestsOf, runOptionsOf, setWeights, shareRecord } from '../training-run.js';

/** Trains a detection network by the command line's options. @throws TiepointError of the manifests and weights. */
export async function runTrainDetector(flags: TrainDetectorFlags, session: CliSession): Promise<void> {
  const { batch, width, side } = flags;
  const kind = flags.network;
  if (side % 16 !== 0) {
    throw new TiepointError('invalid-option', `crops of ${side} px cannot be used`, {
      hint: 'give a multiple of 16',
      value: side,
    });
  }
  const network = kind === 'light' ? { kind } : { kind, width };
  const start = flags.start === undefined ? null : await detectorOption(flags.start);
  if (flags.start !== undefined && start?.network.name !== detectionNetwork(network).name) {
    throw new TiepointError(
      'weights-invalid',
      `these weights are not of the network ${detectionNetwork(network).name}`,
      {
        hint: 'name the --network and --width they were trained with, or start from none',
        value: flags.start,
      },
    );
  }
  await trainDetector({
    ...runOptionsOf(flags, session),
    manifests: manifestsOf(flags),
    network,
    batch,
    side,
    loss: detectionLosses[flags.loss],
    weights: setWeights.detector,
    start: start?.parameters,
  });
  const curve = { label: 'repeatability at 3 px', read: shareRecord };
  await finishRun(flags, 'detector.safetensors', curve, session);
}
