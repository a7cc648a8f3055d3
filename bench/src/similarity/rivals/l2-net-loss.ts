import {
  type Tensor,
  add,
  concat,
  constant,
  crossEntropy,
  div,
  matmul,
  mul,
  reduceMean,
  reduceSum,
  sqrt,
  sub,
  transpose,
} from 'onnx-grad';

/** Distances of unit vectors, `[n, d]` and `[m, d]` to `[n, m]`. */
function distances(a: Tensor, b: Tensor): Tensor {
  // A little more than 2 − 2 a·b, whose root has no gradient at 0.
  return sqrt(add(mul(sub(1, mul(matmul(a, transpose(b, [1, 0])), 1 - 1e-6)), 2), 1e-6));
}

/** Row i belongs to column i. */
function diagonal(rows: number, columns: number): Tensor<'float32'> {
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) data[i * columns + i] = 1;
  return constant(data, [rows, columns]);
}

/**
 * The relative distance loss E1 (Tian, Fan and Wu 2017, eq. 2–4): in its row and in its column of the matrix of distances over a batch, a
 * match must be the nearest, by cross-entropy over exp(−distance).
 *
 * @param templates - descriptors `[batch, 128]`
 * @param matches - of the same places
 * @param others - of other ground, which rows see besides the batch's other matches
 */
export function relativeDistanceLoss(templates: Tensor, matches: Tensor, others: Tensor): Tensor {
  const [batch] = templates.shape as [number];
  const rows = mul(distances(templates, concat([matches, others], 0)), -1);
  const columns = mul(distances(matches, templates), -1);
  const row = crossEntropy(rows, diagonal(batch, 2 * batch));
  return mul(add(row, crossEntropy(columns, diagonal(batch, batch))), 0.5);
}

/**
 * The compactness loss E2 (eq. 5): half the sum of the squared correlations between any two different dimensions of the descriptors
 * of a batch, so that none repeats what another says.
 *
 * @param descriptors - `[batch, 128]`
 */
export function compactnessLoss(descriptors: Tensor): Tensor {
  const [, length] = descriptors.shape as [number, number];
  const centred = sub(descriptors, reduceMean(descriptors, { axes: [0], keepDims: true }));
  const spread = sqrt(add(reduceSum(mul(centred, centred), { axes: [0], keepDims: true }), 1e-12));
  const unit = div(centred, spread);
  const correlations = mul(matmul(transpose(unit, [1, 0]), unit), sub(1, diagonal(length, length)));
  return mul(reduceSum(mul(correlations, correlations)), 0.5);
}

/**
 * The loss of intermediate feature maps E3 (eq. 6): in its row and column of the matrix of inner products over a batch, a match must be
 * the largest, by cross-entropy over the exponentials. Products are divided by the root of the number of values: of normalised
 * responses that have nothing to do with each other they are then about 1, whatever the size of the layer.
 *
 * @param templates - responses `[batch, values]`
 * @param matches - of the same places
 */
export function intermediateLoss(templates: Tensor, matches: Tensor): Tensor {
  const [batch, values] = templates.shape as [number, number];
  const products = mul(matmul(templates, transpose(matches, [1, 0])), 1 / Math.sqrt(values));
  const right = diagonal(batch, batch);
  return mul(add(crossEntropy(products, right), crossEntropy(transpose(products, [1, 0]), right)), 0.5);
}

/** Template, two patches of the same place and one of other ground of each triplet, apart. */
export type Quarters = readonly [template: Tensor, near: Tensor, far: Tensor, other: Tensor];

/**
 * All three losses, E1 + E2 + E3, of both matches of triplets. The original sums E1 and E3 over the batch; here they are means, and E2
 * is divided by the batch, so that the three weigh as there.
 *
 * @param intermediate - of the first and the last layer
 */
export function l2NetLoss(
  [template, near, far, other]: Quarters,
  intermediate: readonly Quarters[],
): { readonly loss: Tensor; readonly distance: Tensor; readonly compactness: Tensor; readonly intermediate: Tensor } {
  const [batch] = template.shape as [number];
  const half = (x: Tensor, y: Tensor): Tensor => mul(add(x, y), 0.5);
  const distance = half(relativeDistanceLoss(template, near, other), relativeDistanceLoss(template, far, other));
  const compact = add(compactnessLoss(template), half(compactnessLoss(near), compactnessLoss(far)));
  const compactness = mul(compact, 1 / batch);
  const layers = intermediate.map(([t, n, f]) => half(intermediateLoss(t, n), intermediateLoss(t, f)));
  const inner = layers.reduce((sum, layer) => add(sum, layer));
  return { loss: add(add(distance, compactness), inner), distance, compactness, intermediate: inner };
}
