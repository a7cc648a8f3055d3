import { dlsmPrediction, paperNetwork } from '@tiepoint/matching';
import {
  type Mode,
  type Tensor,
  type TensorsOf,
  cast,
  concat,
  expandDims,
  greater,
  inference,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  squeeze,
  sub,
} from 'onnx-grad';
import { dlsmProgram } from '@tiepoint/training';
import { type dlsmLosses, pairsOfTriplets, partOf, patchOf, tripletTensors } from '@tiepoint/training/evaluation';
import { type L2NetParameters, l2Net, l2NetParameters } from './l2-net.js';
import { l2NetLoss, type Quarters } from './l2-net-loss.js';
import { multiclassRival } from './multiclass.js';
import { type Rival, rivalProgram } from './rival.js';
import { scoreLosses, type TripletScores } from './score-losses.js';

/** The share of positives and negatives of a batch in the right order: the area under the curve, up to ties. */
function inOrder({ positives, negative }: TripletScores): Tensor {
  const [batch] = negative.shape as [number];
  const right = greater(expandDims(concat(positives, 0), [1]), reshape(negative, [1, batch]));
  return reduceMean(cast(right, 'float32'));
}

/** The paper's two-channel network with one output and a loss of scores. */
function twoChannel(loss: keyof typeof scoreLosses): Rival {
  const score = (parameters: unknown, pairs: Tensor, mode: Mode): Tensor =>
    squeeze(paperNetwork.build(parameters, pairs, mode), [1]);
  return {
    create: (random) => paperNetwork.create(random, 1),
    similarity: (parameters, pairs) => score(parameters, pairs, inference),
    program: (options) =>
      rivalProgram(options, tripletTensors(options.batch), (parameters: unknown, { patches }, mode) => {
        const all = score(parameters, pairsOfTriplets(patches), mode);
        const part = (i: number): Tensor => partOf(all, i, options.batch);
        const scores: TripletScores = { positives: [part(0), part(1)], negative: part(2) };
        return { loss: scoreLosses[loss](scores), metrics: { inOrder: inOrder(scores) } };
      }),
  };
}

/** −|a − b|² of rows. */
function closeness(a: Tensor, b: Tensor): Tensor {
  const difference = sub(a, b);
  return neg(reduceSum(mul(difference, difference), { axes: [1] }));
}

const l2NetRival: Rival = {
  terms: 'E1 + E2 + E3',
  create: l2NetParameters,
  similarity: (parameters, pairs) => {
    const [, , height, width] = pairs.shape as [number, number, number, number];
    const single = reshape(pairs, [-1, 1, height, width]);
    const all = l2Net(parameters as TensorsOf<L2NetParameters>, single, inference).descriptors;
    const both = reshape(all, [pairs.shape[0]!, 2, all.shape[1]!]);
    const side = (i: number): Tensor => squeeze(slice(both, { axes: [1], starts: [i], ends: [i + 1] }), [1]);
    return closeness(side(0), side(1));
  },
  program: (options) =>
    rivalProgram(options, tripletTensors(options.batch), (parameters: unknown, { patches }, mode) => {
      // All four patches of the triplets in one pass: they share the statistics of the batch.
      const single = concat(
        [0, 1, 2, 3].map((i) => patchOf(patches, i)),
        0,
      );
      const { descriptors, intermediate } = l2Net(parameters as TensorsOf<L2NetParameters>, single, mode);
      const quarters = (x: Tensor): Quarters =>
        [0, 1, 2, 3].map((i) => partOf(x, i, options.batch)) as unknown as Quarters;
      const { loss, ...terms } = l2NetLoss(quarters(descriptors), intermediate.map(quarters));
      const [template, near, far, other] = quarters(descriptors);
      const scores: TripletScores = {
        positives: [closeness(template, near), closeness(template, far)],
        negative: closeness(template, other),
      };
      return { loss, metrics: { ...terms, inOrder: inOrder(scores) } };
    }),
};

/** The paper's network, with a joint loss. */
function dlsm(loss: keyof typeof dlsmLosses): Rival {
  return {
    create: (random) => paperNetwork.create(random, 5),
    similarity: (parameters, pairs) => neg(dlsmPrediction(paperNetwork.build(parameters, pairs, inference)).logArea),
    program(options) {
      const { batch, loss: losses } = dlsmProgram({ ...options, network: paperNetwork, loss });
      return rivalProgram(options, batch, losses);
    },
  };
}

/**
 * The learned measures of (Uss 2020, table 1) by the name of their loss. `dlsm` is the paper's own network and loss, `dlsm-ranked` the
 * network with the loss that this project's weights are trained with, `dlsm-ranked-strongly` with more of the ranking in it.
 */
export const rivals: Readonly<Record<string, Rival>> = {
  hinge: twoChannel('hinge'),
  l2: twoChannel('l2'),
  bce: twoChannel('bce'),
  'triplet-ratio': twoChannel('triplet-ratio'),
  'triplet-margin': twoChannel('triplet-margin'),
  multiclass: multiclassRival,
  'l2-net': l2NetRival,
  dlsm: dlsm('paper'),
  'dlsm-ranked': dlsm('ranked'),
  'dlsm-ranked-strongly': dlsm('ranked-strongly'),
};
