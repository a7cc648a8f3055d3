import {
  type LossResult,
  type Mode,
  type Optimizer,
  type ParameterTree,
  type Random,
  type Tensor,
  type TrainingProgram,
  add,
  concat,
  div,
  exp,
  expandDims,
  mul,
  reduceMean,
  reshape,
  slice,
  softmax,
  softplus,
  sqrt,
  squeeze,
  stack,
  sub,
} from 'onnx-grad';
import { type DlsmPrediction, dlsmLoss, dlsmNegativeLoss, dlsmPrediction, type PatchNetwork } from '@tiepoint/matching';
import { pairsOfTriplets, partOf, tripletTensors, type TripletTensors } from '../sampling/triplet-tensors.js';

/** Variance of the imagined error of pairs of other ground, px² (Uss 2020: D_neg). */
const negativeVariance = 7;

/** The inputs of one batch. */
export type DlsmBatch = TripletTensors;

/** Predictions of the three towers: two views of the same ground, other ground. */
interface Towers {
  readonly positives: readonly [DlsmPrediction, DlsmPrediction];
  readonly negative: DlsmPrediction;
  /** True shift of each positive: [x, y], each `[batch]`. */
  readonly shifts: readonly [readonly [Tensor, Tensor], readonly [Tensor, Tensor]];
}

function towers(outputs: Tensor, shifts: Tensor): Towers {
  const batch = shifts.shape[0]!;
  const tower = (i: number): DlsmPrediction => dlsmPrediction(partOf(outputs, i, batch));
  const shift = (i: number, axis: number): Tensor => {
    const cut = slice(shifts, { axes: [1, 2], starts: [i, axis], ends: [i + 1, axis + 1] });
    return squeeze(cut, [1, 2]);
  };
  return {
    positives: [tower(0), tower(1)],
    negative: tower(2),
    shifts: [
      [shift(0, 0), shift(0, 1)],
      [shift(1, 0), shift(1, 1)],
    ],
  };
}

/** Weight w of (7): small shifts count more. */
function shiftWeight([x, y]: readonly [Tensor, Tensor]): Tensor {
  return div(1, add(sqrt(add(add(mul(x, x), mul(y, y)), 1e-12)), 0.1));
}

/**
 * The joint loss (7) of the paper: the weighted (5) of the second tower, (6) of the third, and the triplet ratio over the softmax
 * of the determinants |C| of the first and third.
 */
function paperLoss({ positives, negative, shifts }: Towers): Tensor {
  const [x, y] = shifts[1];
  const regression = mul(shiftWeight(shifts[1]), dlsmLoss(positives[1], x, y));
  const determinants = stack([exp(mul(positives[0].logArea, 2)), exp(mul(negative.logArea, 2))], 1);
  const share = softmax(determinants, 1);
  const near = squeeze(slice(share, { axes: [1], starts: [0], ends: [1] }), [1]);
  // The two shares add up to 1, so c_pos² + (c_neg − 1)² is twice the first.
  const ratio = mul(mul(near, near), 2);
  return reduceMean(add(add(regression, dlsmNegativeLoss(negative, negativeVariance)), ratio));
}

/**
 * How often a positive of the batch seems less similar than a negative, made smooth: the mean of softplus(log SM⁺ − log SM⁻) over all
 * positives and negatives of the batch, a bound of 1 − AUC.
 */
function rankingLoss({ positives, negative }: Towers): Tensor {
  const [batch] = negative.logArea.shape as [number];
  const all = concat([positives[0].logArea, positives[1].logArea], 0);
  const table = sub(expandDims(all, [1]), reshape(negative.logArea, [1, batch]));
  return reduceMean(softplus(table));
}

/** Mean squared error of the predicted shifts of the second tower, px² in each direction; 25/12 for one that always says 0. */
function shiftVariance({ positives, shifts }: Towers): Tensor {
  const { dx, dy } = positives[1];
  const [ex, ey] = [sub(dx, shifts[1][0]), sub(dy, shifts[1][1])];
  return mul(reduceMean(add(mul(ex, ex), mul(ey, ey))), 0.5);
}

/** (5) of both positives, (6) of the negative, and {@link rankingLoss} with a weight. */
function rankedLoss(weight: number): (all: Towers) => Tensor {
  return (all) => {
    const { positives, negative, shifts } = all;
    const regression = add(
      reduceMean(dlsmLoss(positives[0], ...shifts[0])),
      reduceMean(dlsmLoss(positives[1], ...shifts[1])),
    );
    const other = reduceMean(dlsmNegativeLoss(negative, negativeVariance));
    return add(add(regression, other), mul(rankingLoss(all), weight));
  };
}

/**
 * Losses by name. Less of the ranking slows discrimination down, more of it localisation: `ranked` is for networks that learn both,
 * `ranked-strongly` for those that learn to discriminate first.
 */
export const dlsmLosses = { paper: paperLoss, ranked: rankedLoss(2), 'ranked-strongly': rankedLoss(24) } as const;

/** How a network is trained as DLSM. */
export interface DlsmProgramOptions {
  readonly network: PatchNetwork;
  readonly parameters: ParameterTree;
  readonly loss: keyof typeof dlsmLosses;
  /** Triplets in a batch. */
  readonly batch: number;
  readonly optimizer: Optimizer;
  /** See {@link TrainingProgram.average}. */
  readonly average?: number | undefined;
}

/** The three-tower training of (Uss 2020, §3.4, figure 3b): the towers share their weights and the template. */
export function dlsmProgram(options: DlsmProgramOptions): TrainingProgram<ParameterTree, DlsmBatch> {
  const { network, parameters, batch, optimizer, average } = options;
  const inputs = tripletTensors(batch);
  const loss = (p: unknown, b: DlsmBatch, mode: Mode): LossResult => {
    const all = towers(network.build(p, pairsOfTriplets(b.patches), mode), b.shifts);
    return {
      loss: dlsmLosses[options.loss](all),
      metrics: { ranking: rankingLoss(all), shiftVariance: shiftVariance(all) },
    };
  };
  const kept = average === undefined ? {} : { average };
  return { parameters, batch: inputs, loss, optimizer, clipNorm: 5, ...kept };
}

/** Fresh parameters for a network's five outputs. */
export function dlsmParameters(network: PatchNetwork, random: Random): ParameterTree {
  return network.create(random, 5);
}
