import {
  type Tensor,
  add,
  binaryCrossEntropy,
  constant,
  crossEntropy,
  div,
  exp,
  hingeLoss,
  meanSquaredError,
  mul,
  reduceMean,
  reduceSum,
  relu,
  sigmoid,
  slice,
  squeeze,
  stack,
  sub,
} from 'onnx-grad';

/** What a network of one output says of a batch of triplets, each `[batch]`; high is similar. */
export interface TripletScores {
  /** The positives shifted little (±1.5 px) and more (±2.5 px). */
  readonly positives: readonly [Tensor, Tensor];
  readonly negative: Tensor;
}

/** A loss of scores; `shifts` `[batch, 2, 2]` are those of the positives, px. */
type ScoreLoss = (scores: TripletScores, shifts: Tensor) => Tensor;

/** A loss of single pairs: positives together weigh as much as negatives. */
function pairLoss(
  target: { readonly same: number; readonly other: number },
  loss: (s: Tensor, t: Tensor) => Tensor,
): ScoreLoss {
  return ({ positives, negative }) => {
    const [batch] = negative.shape as [number];
    const filled = (value: number): Tensor => constant(new Float32Array(batch).fill(value), [batch]);
    const same = add(loss(positives[0], filled(target.same)), loss(positives[1], filled(target.same)));
    return mul(add(mul(same, 0.5), loss(negative, filled(target.other))), 0.5);
  };
}

/** The mean of a loss of a positive and the negative over both positives. */
function tripletLoss(loss: (positive: Tensor, negative: Tensor) => Tensor): ScoreLoss {
  return ({ positives, negative }) =>
    mul(reduceMean(add(loss(positives[0], negative), loss(positives[1], negative))), 0.5);
}

/** Scores of right pairs beyond those of wrong ones by this are good enough. */
const scoreMargin = 1;

/**
 * The triplet ratio of scores as negated distances: (share, 1 − share) of the softmax over both, squared, against (0, 1)
 * (Hoffer and Ailon 2015).
 */
const tripletRatio = tripletLoss((positive, negative) => {
  const share = sigmoid(sub(negative, positive));
  return mul(mul(share, share), 2);
});

const tripletMargin = tripletLoss((positive, negative) => relu(add(sub(negative, positive), scoreMargin)));

/** Standard deviation of the density that shifts are given, px (Merkle 2017, as Uss 2020 describes it). */
const shiftDeviation = 1;

/**
 * Cross-entropy over places as classes: of the three that a triplet offers, two shifted ones and other ground, which is the right
 * one? The truth is a Gaussian of the distance from the true place, so that the score falls with the shift.
 *
 * The original has a grid of whole-pixel shifts for classes. A patch does not hold what lies beyond its edge, and a grid would be
 * many more evaluations a triplet than the other losses have: here the shifts are drawn at random and anew for every triplet.
 */
const multiclass: ScoreLoss = ({ positives, negative }, shifts) => {
  const squares = reduceSum(mul(shifts, shifts), { axes: [2] });
  const density = exp(mul(squares, -0.5 / shiftDeviation ** 2));
  const shares = div(density, add(reduceSum(density, { axes: [1], keepDims: true }), 1e-12));
  const share = (i: number): Tensor => squeeze(slice(shares, { axes: [1], starts: [i], ends: [i + 1] }), [1]);
  const target = stack([share(0), share(1), mul(share(0), 0)], 1);
  return crossEntropy(stack([...positives, negative], 1), target);
};

/** The losses the paper compares (Uss 2020, table 1), by name. */
export const scoreLosses = {
  /** `max(0, 1 − y · score)`, y = ±1 (Zagoruyko and Komodakis 2015). */
  hinge: pairLoss({ same: 1, other: -1 }, (s, t) => hingeLoss(s, t)),
  /** Squared error to 1 and 0 (He et al. 2018). */
  l2: pairLoss({ same: 1, other: 0 }, (s, t) => meanSquaredError(s, t)),
  /** The score is the logit of being the same place (Han et al. 2015). */
  bce: pairLoss({ same: 1, other: 0 }, (s, t) => binaryCrossEntropy(s, t)),
  'triplet-ratio': tripletRatio,
  /** (Wang et al. 2014). */
  'triplet-margin': tripletMargin,
  multiclass,
} as const satisfies Readonly<Record<string, ScoreLoss>>;
