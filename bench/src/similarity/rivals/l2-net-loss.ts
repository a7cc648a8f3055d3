import { type Tensor, add, concat, constant, crossEntropy, matmul, mul, sqrt, sub, transpose } from 'onnx-grad';

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
 * match must be the nearest, by cross-entropy over exp(−distance). The terms on the descriptor's compactness and on intermediate
 * layers are left out.
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
