/**
 * What the terms of the loss weigh. The paper's is `huber` alone, whose least value is a constant map: without one of the others
 * the map collapses to it.
 */
export interface DetectionLossWeights {
  /** Equal confidence at equal places: Huber loss (7) after warping back. */
  readonly huber: number;
  /**
   * Each image is asked where the other has keypoints: cross-entropy of its map with the other's strongest peaks, widened by what
   * counts as the same place. Their number is fixed, so that a flat map is no way out; and what one image shows alone the other cannot
   * foresee, so that keypoints move to what both show.
   */
  readonly mutual: number;
  /**
   * Features of D-2 alike at one place and unlike at others: each of a grid of places of one image is to find itself in the other.
   * Maps made of features that are alike are alike; a map's one number a pixel, the other way, hardly tells the
   * layers below what SAR and optical images have in common.
   */
  readonly contrast: number;
  /**
   * The same with the corners that both images have (`commonCorners`) in place of the other's keypoints: `mutual` says that
   * keypoints should repeat, not what they should show, and between SAR and optical images nothing tells it where to begin.
   */
  readonly guidance: number;
  /** The same with the peaks that both maps have together (`consensusMap`): one target for both images, with less noise in it. */
  readonly consensus?: number | undefined;
  /** The peaks of `consensus` as a likelihood over places (`spatialSoftmax`) in place of cross-entropy pixel by pixel. */
  readonly softmax?: number | undefined;
}

/** Losses that a detector can be trained with, by name. */
export const detectionLosses = {
  /** What training uses unless told otherwise, and the shipped weights come from: `mutual` asks for equal maps more strongly than (7). */
  mutual: { huber: 0, mutual: 1, contrast: 1, guidance: 0 },
  /** (7) as printed, with what keeps its maps from becoming flat. */
  paper: { huber: 1, mutual: 1, contrast: 0, guidance: 0 },
  consensus: { huber: 0, mutual: 0, contrast: 1, guidance: 0, consensus: 1 },
  'spatial-softmax': { huber: 0, mutual: 0, contrast: 1, guidance: 0, softmax: 1 },
} as const satisfies Readonly<Record<string, DetectionLossWeights>>;

/** A name of {@link detectionLosses}. */
export type DetectionLossName = keyof typeof detectionLosses;

/** What training uses unless told otherwise. */
export const defaultDetectionLoss: DetectionLossWeights = detectionLosses.mutual;

/** Whether the peaks that both maps have together are looked for. */
export function usesConsensus({ consensus = 0, softmax = 0 }: DetectionLossWeights): boolean {
  return consensus !== 0 || softmax !== 0;
}
