import type { Transform } from '@tiepoint/geometry';
import type { TrainingPair } from '../data/training-pairs.js';

/** What aligning a pair found. */
export interface StoredAlignment {
  /** Of the pair. */
  readonly id: string;
  /** Whether enough matches agreed; other pairs are not used. */
  readonly confirmed: boolean;
  /** Reference px to sensed px, where it replaces the manifest's. */
  readonly referenceToSensed?: Transform;
  /** Matches that agree, of those tried. */
  readonly inliers: number;
  readonly tried: number;
  /** Median length of the matches' displacement from the manifest's geometry, px. */
  readonly before: number;
  /** From the new geometry, px. */
  readonly after: number;
}

/** The pairs with their better geometry, without those that could not be confirmed; pairs that were not aligned stay as they are. */
export function applyAlignments(
  pairs: readonly TrainingPair[],
  alignments: readonly StoredAlignment[],
): readonly TrainingPair[] {
  const byId = new Map(alignments.map((alignment) => [alignment.id, alignment]));
  return pairs.flatMap((pair) => {
    const found = byId.get(pair.id);
    if (found === undefined) return [pair];
    if (!found.confirmed) return [];
    return [found.referenceToSensed ? { ...pair, referenceToSensed: found.referenceToSensed } : pair];
  });
}
