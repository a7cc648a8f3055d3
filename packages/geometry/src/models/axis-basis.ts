import type { AxisPenalty, AxisTerms, ModelBasis } from './model.js';

/** The basis of a linear model whose axes are sums of the same terms. */
export function axisBasis<T>(
  axis: AxisTerms,
  toTransform: (parameters: Float64Array) => T,
  penalty?: AxisPenalty,
): ModelBasis<T> {
  const { count, write } = axis;
  return {
    parameterCount: 2 * count,
    linear: true,
    axis,
    ...(penalty && { penalty }),
    predict(p, u, v, out, rowX, rowY) {
      rowX.fill(0);
      rowY.fill(0);
      write(u, v, rowX);
      let X = 0;
      let Y = 0;
      for (let k = 0; k < count; k++) {
        const term = rowX[k]!;
        rowY[count + k] = term;
        X += p[k]! * term;
        Y += p[count + k]! * term;
      }
      out[0] = X;
      out[1] = Y;
    },
    toTransform,
  };
}
