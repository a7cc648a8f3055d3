import { paperNetwork, patchSide } from '@tiepoint/matching';
import {
  type LossResult,
  type Mode,
  type Tensor,
  add,
  argMax,
  broadcastTo,
  cast,
  concat,
  constant,
  crossEntropy,
  div,
  equal,
  exp,
  inference,
  input,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  squeeze,
  sub,
} from 'onnx-grad';
import { type Rival, rivalProgram } from './rival.js';

/** Displacements that are classes: whole pixels up to `radius` to either side; the true one lies within `shift`. */
const grid = {
  /** As far as templates are looked for, and displaced, in the measurement (Uss 2020, §4.4). */
  radius: 5,
  shift: 3,
  /** Triplets that one template counts as: 121 pairs in place of 24. */
  triplets: 8,
} as const;

const side = 2 * grid.radius + 1;
const classes = side * side;

/** Standard deviation of the density that displacements are given, px (Merkle et al. 2017, as Uss 2020 describes it). */
const deviation = 1;

/** The offset of each class, `[1, classes, 2]`, px right and down. */
const offsets = constant(
  Float32Array.from({ length: 2 * classes }, (_, i) =>
    i % 2 === 0 ? ((i >> 1) % side) - grid.radius : Math.floor((i >> 1) / side) - grid.radius,
  ),
  [1, classes, 2],
);

/** A batch of templates and the patches at all displacements; see `DisplacementBatch`. */
type DisplacementTensors = { readonly patches: Tensor; readonly truth: Tensor };

/** Each template with its patch at each displacement: `[batch · classes, 2, 32, 32]`. */
function pairsOf(patches: Tensor): Tensor {
  const [batch] = patches.shape as [number];
  const template = slice(patches, { axes: [1], starts: [0], ends: [1] });
  const displaced = slice(patches, { axes: [1], starts: [1], ends: [1 + classes] });
  const both = [broadcastTo(template, displaced.shape), displaced].map((x) =>
    reshape(x, [batch * classes, 1, patchSide, patchSide]),
  );
  return concat(both, 1);
}

/** The square of the distance from the true place to each class, `[batch, classes]`, px². */
function squares(truth: Tensor): Tensor {
  const away = sub(offsets, reshape(truth, [truth.shape[0]!, 1, 2]));
  return reduceSum(mul(away, away), { axes: [2] });
}

/**
 * Cross-entropy over the displacements of a grid as classes (Merkle et al. 2017): which is the right one? The truth is a Gaussian
 * about the true place, so that the score falls with the distance from it.
 *
 * @param scores - `[batch, classes]`
 * @param truth - `[batch, 2]`, px
 */
export function multiclassLoss(scores: Tensor, truth: Tensor): Tensor {
  const density = exp(mul(squares(truth), -0.5 / deviation ** 2));
  return crossEntropy(scores, div(density, add(reduceSum(density, { axes: [1], keepDims: true }), 1e-12)));
}

const score = (parameters: unknown, pairs: Tensor, mode: Mode): Tensor =>
  squeeze(paperNetwork.build(parameters, pairs, mode), [1]);

/** The paper's two-channel network with one output, trained to tell the displacements of a grid apart. */
export const multiclassRival: Rival = {
  displacements: grid,
  create: (random) => paperNetwork.create(random, 1),
  similarity: (parameters, pairs) => score(parameters, pairs, inference),
  program(options) {
    const { batch } = options;
    const inputs: DisplacementTensors = {
      patches: input('patches', [batch, 1 + classes, patchSide, patchSide]),
      truth: input('truth', [batch, 2]),
    };
    const loss = (p: unknown, { patches, truth }: DisplacementTensors, mode: Mode): LossResult => {
      const scores = reshape(score(p, pairsOf(patches), mode), [batch, classes]);
      // How often the likeliest displacement is the one nearest to the true place.
      const nearest = argMax(neg(squares(truth)), 1);
      const hit = cast(equal(argMax(scores, 1), nearest), 'float32');
      return { loss: multiclassLoss(scores, truth), metrics: { nearest: reduceMean(hit) } };
    };
    return rivalProgram(options, inputs, loss);
  },
};
