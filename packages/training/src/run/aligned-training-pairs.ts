import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { alignPairs, summariseAlignments } from '../alignment/align-pairs.js';
import { applyAlignments, type StoredAlignment } from '../alignment/stored-alignments.js';
import { loadTrainingPairs, type PairSource } from '../data/training-pairs.js';
import type { RunOptions } from './training-run.js';

/** Pairs between two messages of how far aligning is. */
const sayEvery = 20;

/**
 * Aligns the training pairs of manifests, or reads the alignments that `out` holds already.
 *
 * @throws TiepointError as the manifests' readers do, and `no-training-pairs`
 */
export async function alignTrainingPairs(
  manifests: Omit<PairSource, 'split'>,
  { out, seed, signal, onMessage }: Pick<RunOptions, 'out' | 'seed' | 'signal' | 'onMessage'>,
): Promise<readonly StoredAlignment[]> {
  await mkdir(out, { recursive: true });
  onMessage?.('reading pairs');
  const loaded = await loadTrainingPairs({ ...manifests, split: 'train' });
  onMessage?.(`aligning ${loaded.length} pairs`);
  const alignments = await alignPairs(loaded, join(out, 'alignments.jsonl'), seed, {
    signal,
    onProgress: (done, all) => {
      if (done % sayEvery === 0) onMessage?.(`aligned ${done} of ${all} pairs`);
    },
  });
  for (const { set, pairs, confirmed, before, after } of summariseAlignments(loaded, alignments)) {
    const residual = `median residual ${before.toFixed(2)} px before, ${after.toFixed(2)} after`;
    onMessage?.(`${set}: ${confirmed} of ${pairs} pairs confirmed, ${residual}`);
  }
  if (applyAlignments(loaded, alignments).length === 0) {
    throw new TiepointError('no-training-pairs', 'no pair of the split train could be used', {
      hint: 'pairs need "split": "train", and both images must show the same place within a few pixels',
      value: manifests.pairs,
    });
  }
  return alignments;
}
