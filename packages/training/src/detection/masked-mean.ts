import { type Tensor, add, div, mul, reduceSum } from 'onnx-grad';

/** The mean of values where a mask is 1; 0 where it is so nowhere. */
export function maskedMean(values: Tensor, mask: Tensor): Tensor {
  return div(reduceSum(mul(values, mask)), add(reduceSum(mask), 1e-6));
}
