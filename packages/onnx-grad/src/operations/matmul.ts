import { shapeError } from '../error.js';
import { broadcastShapes } from '../shape.js';
import { type Tensor, node } from '../tensor.js';

/**
 * The matrix product over the last two axes, the axes before them broadcasting.
 *
 * @param a - `[…, rows, inner]`
 * @param b - `[…, inner, columns]`
 * @returns `[…, rows, columns]`
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const [rows, inner] = a.shape.slice(-2);
  const [innerB, columns] = b.shape.slice(-2);
  if (rows === undefined || inner === undefined || columns === undefined) {
    throw shapeError('matmul', [a.shape, b.shape], 'both need at least two axes');
  }
  if (inner !== innerB) throw shapeError('matmul', [a.shape, b.shape], 'inner sizes differ');
  const batch = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  return node({ operator: 'MatMul', inputs: [a, b] }, 'float32', [...batch, rows, columns]);
}
