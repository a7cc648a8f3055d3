import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { alignPairs } from '../alignment/align-pairs.js';
import { applyAlignments, type StoredAlignment } from '../alignment/stored-alignments.js';
import { loadTrainingPairs, type PairSource } from '../data/training-pairs.js';

/**
 * Aligns the training pairs of manifests, or reads the alignments that `out` holds already.
 *
 * @throws TiepointError as the manifests' readers do, and `no-training-pairs`
 */
export async function alignTrainingPairs(
  manifests: Omit<PairSource, 'split'>,
  out: string,
  seed: number,
  options: { readonly signal?: AbortSignal; readonly onMessage?: (text: string) => void },
): Promise<readonly StoredAlignment[]> {
  await mkdir(out, { recursive: true });
  const loaded = await loadTrainingPairs({ ...manifests, split: 'train' });
  options.onMessage?.(`aligning ${loaded.length} pairs`);
  const alignments = await alignPairs(
    loaded,
    join(out, 'alignments.jsonl'),
    seed,
    options.signal ? { signal: options.signal } : {},
  );
  if (applyAlignments(loaded, alignments).length === 0) {
    throw new TiepointError('no-training-pairs', 'no pair of the split train could be used', {
      hint: 'pairs need "split": "train", and both images must show the same place within a few pixels',
      value: manifests.pairs,
    });
  }
  return alignments;
}
