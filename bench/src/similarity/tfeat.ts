import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Engine } from '@tiepoint/matching';
import {
  type Parameter,
  type Tensor,
  type TensorsOf,
  add,
  constant,
  conv2d,
  decodeSafetensors,
  filledParameter,
  floatTensors,
  groupNormalize,
  matmul,
  maxPool2d,
  mul,
  neg,
  parameterConstants,
  reduceSum,
  replaceParameters,
  reshape,
  slice,
  sqrt,
  sub,
  tanh,
  transpose,
} from 'onnx-grad';
import { graphMeasure, singlePatches } from './graph-measure.js';
import type { SimilarityMeasure } from './measure.js';

type Layer = { readonly weight: Parameter; readonly bias: Parameter };

/** Parameters by the names of the published file, whose numbers are the layers' places in PyTorch's lists. */
type TFeatParameters = {
  readonly features: { readonly '1': Layer; readonly '4': Layer };
  readonly descr: { readonly '0': Layer };
};

function layer(...shape: readonly number[]): Layer {
  return { weight: filledParameter(shape, 0), bias: filledParameter([shape[0]!], 0) };
}

/** Room for the weights. */
export function emptyTFeat(): TFeatParameters {
  return { features: { 1: layer(32, 1, 7, 7), 4: layer(64, 32, 6, 6) }, descr: { 0: layer(128, 4096) } };
}

/**
 * TFeat (Balntas, Riba, Ponsa and Mikolajczyk 2016): instance normalisation, two convolutions with tanh and a pooling between them, a
 * dense layer with tanh.
 *
 * @param patches - `[batch, 1, 32, 32]`
 * @returns `[batch, 128]`
 */
function tfeat(p: TensorsOf<TFeatParameters>, patches: Tensor): Tensor {
  const one = constant(Float32Array.of(1), [1]);
  const zero = constant(Float32Array.of(0), [1]);
  let x = groupNormalize(patches, 1, one, zero);
  x = tanh(conv2d(x, p.features[1].weight, { bias: p.features[1].bias }));
  x = tanh(conv2d(maxPool2d(x, 2), p.features[4].weight, { bias: p.features[4].bias }));
  // PyTorch keeps dense weights as [outputs, inputs].
  const product = matmul(reshape(x, [x.shape[0]!, -1]), transpose(p.descr[0].weight, [1, 0]));
  return tanh(add(product, p.descr[0].bias));
}

/** TFeat with published weights: the Euclidean distance of descriptors; absent where the file is. */
export async function tfeatMeasure(
  engine: Engine,
  path: string,
): Promise<SimilarityMeasure | { readonly absent: string }> {
  if (!existsSync(path)) return { absent: `there are no weights at ${path}` };
  const stored = floatTensors(decodeSafetensors(await readFile(path)));
  const parameters = parameterConstants(replaceParameters(emptyTFeat(), stored));
  return graphMeasure(engine, 'tfeat', `tfeat ${path}`, (pairs) => {
    const descriptors = reshape(tfeat(parameters, reshape(pairs, singlePatches)), [singlePatches[0] / 2, 2, -1]);
    const side = (i: number): Tensor => slice(descriptors, { axes: [1], starts: [i], ends: [i + 1] });
    const difference = sub(side(0), side(1));
    return neg(sqrt(add(reduceSum(mul(difference, difference), { axes: [1, 2] }), 1e-12)));
  });
}
