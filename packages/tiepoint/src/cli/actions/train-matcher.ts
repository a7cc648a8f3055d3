import { TiepointError } from '@tiepoint/geometry';
import { crossFusionNetwork, patchSides } from '@tiepoint/matching';
import { trainMatcher } from '@tiepoint/training';
import type { TrainMatcherFlags } from '../commands/train-matcher.js';
import { matcherOption } from '../keypoints-option.js';
import type { CliSession } from '../session.js';
import { finishRun, manifestsOf, runOptionsOf, setWeights, shareRecord } from '../training-run.js';

/** Trains a cross-fusion network by the command line's options. @throws TiepointError of the manifests and weights. */
export async function runTrainMatcher(flags: TrainMatcherFlags, session: CliSession): Promise<void> {
  const { batch, layers, keypoints } = flags;
  // The command line takes no other side.
  const patch = patchSides.find((side) => String(side) === flags.patch)!;
  const network = { patch, layers };
  const start = flags.start === undefined ? null : await matcherOption(flags.start);
  if (flags.start !== undefined && start?.network.name !== crossFusionNetwork(network).name) {
    throw new TiepointError('weights-invalid', `these weights are not of ${layers} layers and patches of ${patch} px`, {
      hint: 'name the --layers and --patch they were trained with, or start from none',
      value: flags.start,
    });
  }
  await trainMatcher({
    ...runOptionsOf(flags, session),
    manifests: manifestsOf(flags),
    network,
    batch,
    sets: { keypoints },
    weights: setWeights.matcher,
    start: start?.parameters,
  });
  await finishRun(flags, 'matcher.safetensors', { label: 'right matches', read: shareRecord }, session);
}
