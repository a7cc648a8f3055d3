import { OnnxGradError, shapeError } from './error.js';
import { topologicalOrder } from './graph-order.js';
import { add } from './operations/arithmetic.js';
import { sameShape } from './shape.js';
import { type AnyTensor, type GraphNode, type Tensor, constant, node, sizeOf, zeros } from './tensor.js';

/** The same value, through which no gradient flows. */
export function stopGradient(x: Tensor): Tensor {
  return node({ operator: 'Identity', inputs: [x], gradient: () => [] }, 'float32', x.shape);
}

/** The nodes through which the outputs depend on one of the tensors. */
function dependents(order: readonly GraphNode[], on: ReadonlySet<AnyTensor>): Set<GraphNode> {
  const found = new Set<GraphNode>();
  for (const candidate of order) {
    if (candidate.inputs.some((source) => source && (on.has(source) || found.has(source.node)))) found.add(candidate);
  }
  return found;
}

/**
 * Reverse-mode differentiation: the derivatives of `Σ outputs · seeds` by some tensors; `undefined` where nothing depends on one.
 *
 * @throws OnnxGradError `no-gradient` where an operation on the way has no gradient rule
 */
export function vectorJacobian(
  outputs: readonly Tensor[],
  seeds: readonly Tensor[],
  by: readonly Tensor[],
): (Tensor | undefined)[] {
  const gradients = new Map<AnyTensor, Tensor>();
  const accumulate = (tensor: AnyTensor, value: Tensor): void => {
    if (!sameShape(tensor.shape, value.shape)) {
      throw shapeError(`gradient of ${tensor.node.operator}`, [tensor.shape, value.shape], 'value and gradient differ');
    }
    const sum = gradients.get(tensor);
    gradients.set(tensor, sum ? add(sum, value) : value);
  };
  for (const [i, output] of outputs.entries()) accumulate(output, seeds[i]!);
  const order = topologicalOrder(outputs);
  const wanted = new Set<AnyTensor>(by);
  const active = dependents(order, wanted);
  for (const current of order.toReversed()) {
    if (!active.has(current)) continue;
    const incoming = current.outputs.map((tensor) => gradients.get(tensor));
    if (incoming.every((value) => value === undefined)) continue;
    if (current.gradient === undefined) {
      const shapes = current.inputs.map((source) => `[${source?.shape.join(', ')}]`).join(', ');
      throw new OnnxGradError('no-gradient', `${current.operator} of ${shapes} has no gradient`, {
        hint: 'stopGradient says that none should flow',
        value: current.operator,
      });
    }
    const outgoing = current.gradient(incoming, current);
    for (const [i, source] of current.inputs.entries()) {
      const value = outgoing[i];
      if (source && value && (wanted.has(source) || active.has(source.node))) accumulate(source, value);
    }
  }
  return by.map((tensor) => gradients.get(tensor));
}

/**
 * The derivatives of a scalar by some tensors, as tensors of the same graph (so they can be differentiated again).
 *
 * @param loss - one element
 * @param by - inputs or anything else the loss may depend on; zeros are returned where it does not
 * @throws OnnxGradError `no-gradient` where an operation on the way has no gradient rule
 */
export function gradient(loss: Tensor, by: readonly Tensor[]): Tensor[] {
  if (sizeOf(loss.shape) !== 1) throw shapeError('gradient', [loss.shape], 'the loss must be a single number');
  const found = vectorJacobian([loss], [constant(1, loss.shape)], by);
  return found.map((value, i) => value ?? zeros(by[i]!.shape));
}
