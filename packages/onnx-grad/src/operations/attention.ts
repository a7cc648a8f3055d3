import { shapeError } from '../error.js';
import type { Tensor } from '../tensor.js';
import { add, mul } from './arithmetic.js';
import { matmul } from './matmul.js';
import { transpose } from './movement.js';
import { softmax } from './reduction.js';

/**
 * Scaled dot-product attention (Vaswani 2017), `softmax(q·kᵀ/√d + mask)·v`.
 *
 * @param query - `[…, queries, d]`
 * @param key - `[…, keys, d]`
 * @param value - `[…, keys, e]`
 * @param mask - added to the scores before the softmax, broadcasting to `[…, queries, keys]`
 * @returns `[…, queries, e]`
 */
export function attention(query: Tensor, key: Tensor, value: Tensor, mask?: Tensor): Tensor {
  const rank = key.shape.length;
  if (rank < 2 || query.shape.at(-1) !== key.shape.at(-1) || key.shape.at(-2) !== value.shape.at(-2)) {
    throw shapeError('attention', [query.shape, key.shape, value.shape], 'sizes of query, key and value do not fit');
  }
  const turned = transpose(key, [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2]);
  // The query is the smallest of what could be scaled.
  const scores = matmul(mul(query, 1 / Math.sqrt(query.shape.at(-1)!)), turned);
  return matmul(softmax(mask ? add(scores, mask) : scores), value);
}
