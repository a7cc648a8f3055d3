/** Keypoints a pixel that crops are taken to have: twice 500 in 512². */
const keypointDensity = 1000 / 512 ** 2;

/**
 * Px at the border of training crops that do not count: as far as the network sees, where crops are large enough. Zeros beyond a crop
 * tell how far its border is, and networks find that instead of ground.
 *
 * @param sight - how far the network sees, px
 */
export function borderOf(side: number, sight: number): number {
  return Math.min(sight, Math.floor(side / 4));
}

/** How many keypoints what counts of a crop is taken to have. */
export function keypointCount(side: number, border: number): number {
  return Math.round(keypointDensity * (side - 2 * border) ** 2);
}
