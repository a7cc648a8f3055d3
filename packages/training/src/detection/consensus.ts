import { type Tensor, add, div, mul, reduceSum, sqrt, stopGradient, sub } from 'onnx-grad';

/** Steps over which targets go from the corners of both images to the peaks of both maps. */
const annealSteps = 500;

/**
 * What corners count in the targets of a step, and maps the rest: maps that have learnt nothing have peaks anywhere, and would be
 * taught their own noise.
 *
 * @param step - from 0
 * @returns 1 at first, 0 from step 500 on
 */
export function cornerShare(step: number): number {
  return Math.max(0, 1 - step / annealSteps);
}

/** Each map with zero mean and unit variance over what its mask counts. */
function standardised(maps: Tensor, mask: Tensor): Tensor {
  const over = (x: Tensor): Tensor =>
    div(
      reduceSum(mul(x, mask), { axes: [2, 3], keepDims: true }),
      add(reduceSum(mask, { axes: [2, 3], keepDims: true }), 1e-6),
    );
  const centred = sub(maps, over(maps));
  return div(centred, sqrt(add(over(mul(centred, centred)), 1e-6)));
}

/** What the maps of a pair are and where they count, all `[batch, 1, side, side]` in the geometry of the first image. */
export interface MapPair {
  readonly first: Tensor;
  readonly second: Tensor;
  /** 1 where both images show the ground. */
  readonly both: Tensor;
}

/**
 * How much both images want a keypoint at each place: the sum of both maps, each standardised on common ground so that neither
 * outvotes the other, and of the corners both have. Of the peaks of one map one in seven is among the other's; the peaks of the sum
 * are the same for both.
 *
 * @param corners - `commonCorners`
 * @param share - what corners count, `[1]`: `cornerShare`
 * @returns `[batch, 1, side, side]`; no gradient goes through it
 */
export function consensusMap({ first, second, both }: MapPair, corners: Tensor, share: Tensor): Tensor {
  const maps = add(standardised(first, both), standardised(second, both));
  const wanted = add(mul(maps, sub(1, share)), mul(standardised(corners, both), share));
  return stopGradient(wanted);
}
