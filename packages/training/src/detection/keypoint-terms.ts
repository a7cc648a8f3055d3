import { type Tensor, add, binaryCrossEntropy, mul } from 'onnx-grad';
import { consensusMap, type MapPair } from './consensus.js';
import { maskedMean } from './masked-mean.js';
import { spatialSoftmax } from './spatial-softmax.js';
import { largestAround, strongestPeaks } from './strongest-peaks.js';

/** Side of the square that counts as the same place, px. */
const sameSide = 5;

/** Terms of the loss that tell maps where keypoints are to be, and how far they agree. */
interface KeypointTerms {
  readonly mutual: Tensor;
  readonly guided: Tensor;
  readonly consensus?: Tensor;
  readonly softmax?: Tensor;
  /** Of the ground around one's keypoints, and of all ground, the share that is around the other's: chance. */
  readonly common: Tensor;
  readonly chance: Tensor;
}

/**
 * What `DetectionLossWeights` says of keypoints, of the log odds of a pair.
 *
 * @param strengths - of the corners that both images have, `commonCorners`
 * @param count - keypoints of each map
 * @param cornerShare - `[1]`; the terms of the consensus are left out without it
 */
export function keypointTerms(
  odds: MapPair,
  strengths: Tensor,
  count: number,
  cornerShare: Tensor | undefined,
): KeypointTerms {
  const { first, second, both } = odds;
  // The same place, as `sameSide` has it, is as good as the peak.
  const around = (peaks: Tensor): Tensor => largestAround(peaks, sameSide);
  const keypointsOf = (map: Tensor): Tensor => around(strongestPeaks(map, both, count));
  const miss = (map: Tensor, target: Tensor): Tensor =>
    maskedMean(binaryCrossEntropy(map, target, { reduce: false }), both);
  const ofBoth = (term: (map: Tensor) => Tensor): Tensor => mul(add(term(first), term(second)), 0.5);
  const [firsts, seconds] = [keypointsOf(first), keypointsOf(second)];
  const corners = keypointsOf(strengths);
  const terms = {
    mutual: mul(add(miss(first, seconds), miss(second, firsts)), 0.5),
    guided: ofBoth((map) => miss(map, corners)),
    common: maskedMean(seconds, mul(firsts, both)),
    chance: maskedMean(seconds, both),
  };
  if (cornerShare === undefined) return terms;
  const agreed = strongestPeaks(consensusMap(odds, strengths, cornerShare), both, count);
  const wanted = around(agreed);
  return {
    ...terms,
    consensus: ofBoth((map) => miss(map, wanted)),
    softmax: ofBoth((map) => spatialSoftmax(map, agreed, both)),
  };
}
