import { readFile } from 'node:fs/promises';
import { median } from '@tiepoint/geometry';
import { createEngine, type StructureFeatureName } from '@tiepoint/matching';
import { jsonLines } from 'onnx-grad/node';
import type { TrainingPair } from '../data/training-pairs.js';
import { alignPair } from './align-pair.js';
import type { StoredAlignment } from './stored-alignments.js';

/** Pairs known to be better aligned than this are left as they are, px: the estimate would be no better. */
const goodEnough = 0.3;

async function readAlignments(path: string): Promise<readonly StoredAlignment[]> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as StoredAlignment);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Aligns all pairs that need it, keeping the results in a file of one JSON document a line; pairs found there are not aligned again.
 */
export async function alignPairs(
  pairs: readonly TrainingPair[],
  path: string,
  seed: number,
  options: {
    /** `surface` also fits polynomials where there are many matches. */
    readonly model?: 'affine' | 'surface';
    /** What windows are described by; default MIND. */
    readonly features?: StructureFeatureName;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: (done: number, all: number) => void;
  } = {},
): Promise<readonly StoredAlignment[]> {
  const stored = await readAlignments(path);
  const known = new Set(stored.map(({ id }) => id));
  const open = pairs.filter((pair) => pair.alignmentErrorPx >= goodEnough && !known.has(pair.id));
  const alignments = [...stored];
  const keep = jsonLines(path);
  await using engine = createEngine();
  for (const [i, pair] of open.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.(i, open.length);
    const alignment = await alignPair(engine, pair, seed, options.model, options.features);
    alignments.push(alignment);
    await keep(alignment);
  }
  return alignments;
}

/** What aligning did to the pairs of each set: how many were confirmed, and their median residual before and after, px. */
export function summariseAlignments(
  pairs: readonly TrainingPair[],
  alignments: readonly StoredAlignment[],
): readonly { set: string; pairs: number; confirmed: number; before: number; after: number }[] {
  const setOf = new Map(pairs.map(({ id, set }) => [id, set]));
  const bySet = new Map<string, StoredAlignment[]>();
  for (const alignment of alignments) {
    const set = setOf.get(alignment.id);
    if (set !== undefined) bySet.set(set, [...(bySet.get(set) ?? []), alignment]);
  }
  return [...bySet].map(([set, found]) => {
    const confirmed = found.filter((alignment) => alignment.confirmed);
    return {
      set,
      pairs: found.length,
      confirmed: confirmed.length,
      before: median(confirmed.map(({ before }) => before)),
      after: median(confirmed.map(({ after }) => after)),
    };
  });
}
