import { type CrossFusionNetwork, type CrossFusionParameters, type MatchLogits, polarGrid } from '@tiepoint/matching';
import {
  type LossResult,
  type Mode,
  type Optimizer,
  type Tensor,
  type TensorsOf,
  type TrainingProgram,
  add,
  argMax,
  cast,
  crossEntropy,
  div,
  equal,
  input,
  less,
  mul,
  reduceSum,
  reshape,
  transpose,
} from 'onnx-grad';

/** The inputs of one batch; see `KeypointSetBatch`. */
export type CrossFusionBatch = {
  readonly patchesA: Tensor;
  readonly patchesB: Tensor;
  readonly placesA: Tensor;
  readonly placesB: Tensor;
  readonly matchOfA: Tensor<'int64'>;
  readonly matchOfB: Tensor<'int64'>;
};

/** How a cross-fusion network is trained. */
export interface CrossFusionProgramOptions {
  readonly network: CrossFusionNetwork;
  readonly parameters: CrossFusionParameters;
  /** Pairs of sets in a batch. */
  readonly batch: number;
  /** Keypoints of each set. */
  readonly keypoints: number;
  readonly optimizer: Optimizer;
  /** See {@link TrainingProgram.average}. */
  readonly average?: number | undefined;
}

/** `[sets, points, choices]` as `[sets · points, choices]`. */
function rows(x: Tensor): Tensor {
  return reshape(x, [-1, x.shape[2]!]);
}

/** The share of points with a match for which the network's first choice is it. */
function recall(ofA: Tensor, matchOfA: Tensor<'int64'>, keypoints: number): Tensor {
  const right = cast(equal(argMax(rows(ofA), 1), matchOfA), 'float32');
  const matched = cast(less(cast(matchOfA, 'float32'), keypoints - 0.5), 'float32');
  return div(reduceSum(mul(right, matched)), add(reduceSum(matched), 1e-6));
}

/** Cross-entropy over the points that have a match, of scores without a column for none. */
function matchedCrossEntropy(scores: Tensor, match: Tensor<'int64'>, keypoints: number): Tensor {
  const matched = cast(less(cast(match, 'float32'), keypoints - 0.5), 'float32');
  // The label of a point without one is past the last column, and costs nothing.
  const all = reduceSum(crossEntropy(rows(scores), match, { reduce: false }));
  return div(all, add(reduceSum(matched), 1e-6));
}

/**
 * Training by cross-entropy (Li, Han and Ye 2022, (9)) with an unmatched row and column: each point chooses among the points of
 * the other set and none. Over the choices of a point this takes the place of (9)'s yes or no for each pair, of which nearly all
 * would be no.
 *
 * The encoder's own vectors are trained to choose rightly too: they are what `findViews` compares.
 */
export function crossFusionProgram(
  options: CrossFusionProgramOptions,
): TrainingProgram<CrossFusionParameters, CrossFusionBatch> {
  const { network, parameters, batch, keypoints, optimizer, average } = options;
  const patches = [batch * keypoints, 1, polarGrid.rings, polarGrid.directions];
  const inputs = {
    patchesA: input('patchesA', patches),
    patchesB: input('patchesB', patches),
    placesA: input('placesA', [batch, keypoints, 2]),
    placesB: input('placesB', [batch, keypoints, 2]),
    matchOfA: input('matchOfA', [batch * keypoints], 'int64'),
    matchOfB: input('matchOfB', [batch * keypoints], 'int64'),
  };
  const loss = (p: TensorsOf<CrossFusionParameters>, b: CrossFusionBatch, mode: Mode): LossResult => {
    const encode = (x: Tensor): Tensor => {
      const vectors = network.encode(p, x, mode);
      return reshape(vectors, [batch, keypoints, vectors.shape[1]!]);
    };
    const { placesA, placesB } = b;
    const [a, other] = [encode(b.patchesA), encode(b.patchesB)];
    const logits: MatchLogits = network.match(p, a, other, { placesA, placesB });
    const both = add(crossEntropy(rows(logits.ofA), b.matchOfA), crossEntropy(rows(logits.ofB), b.matchOfB));
    const scores = network.compare(p, a, other);
    const alone = add(
      matchedCrossEntropy(scores, b.matchOfA, keypoints),
      matchedCrossEntropy(transpose(scores, [0, 2, 1]), b.matchOfB, keypoints),
    );
    return {
      loss: mul(add(both, alone), 0.5),
      metrics: {
        recall: recall(logits.ofA, b.matchOfA, keypoints),
        encoderRecall: recall(scores, b.matchOfA, keypoints),
      },
    };
  };
  const kept = average === undefined ? {} : { average };
  return { parameters, batch: inputs, loss, optimizer, clipNorm: 5, ...kept };
}
