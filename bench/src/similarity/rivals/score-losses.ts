import {
  type Tensor,
  add,
  binaryCrossEntropy,
  constant,
  hingeLoss,
  meanSquaredError,
  mul,
  reduceMean,
  relu,
  sigmoid,
  sub,
} from 'onnx-grad';

/** What a network of one output says of a batch of triplets, each `[batch]`; high is similar. */
export interface TripletScores {
  /** The positives shifted little (±1.5 px) and more (±2.5 px). */
  readonly positives: readonly [Tensor, Tensor];
  readonly negative: Tensor;
}

type ScoreLoss = (scores: TripletScores) => Tensor;

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

/** The losses of scores that the paper compares (Uss 2020, table 1), by name; multiclass is of displacements. */
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
} as const satisfies Readonly<Record<string, ScoreLoss>>;
