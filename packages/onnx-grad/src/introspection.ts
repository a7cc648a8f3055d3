import { topologicalOrder } from './graph-order.js';
import type { NamedTensors } from './model.js';
import { type AnyTensor, type GraphNode, sizeOf } from './tensor.js';

function product(node: GraphNode): number {
  const [a, b] = node.inputs;
  const out = sizeOf(node.outputs[0]!.shape);
  switch (node.operator) {
    case 'MatMul':
    case 'Gemm':
      return out * a!.shape.at(-1)!;
    case 'Conv':
    case 'DeformConv':
      return out * sizeOf(b!.shape.slice(1));
    case 'ConvTranspose':
      return sizeOf(a!.shape) * sizeOf(b!.shape.slice(1));
    case 'Einsum': {
      const sizes = new Map<string, number>();
      const terms = String(node.attributes['equation']).split('->')[0]!.split(',');
      for (const [i, term] of terms.entries()) {
        for (const [axis, letter] of [...term].entries()) sizes.set(letter, node.inputs[i]!.shape[axis]!);
      }
      return sizeOf([...sizes.values()]);
    }
    default:
      return 0;
  }
}

/** Multiply-adds of all products and convolutions on the way to some tensors; elementwise work is not counted. */
export function countMultiplyAdds(outputs: NamedTensors): number {
  return topologicalOrder(Object.values(outputs)).reduce((sum, node) => sum + product(node), 0);
}

/**
 * The graph that leads to some tensors, one node a line, in the order of computation:
 * `%3 = Conv(images, %1, %2) [16, 8, 10, 10] strides=1,1`.
 */
export function describeGraph(outputs: NamedTensors): string {
  const names = new Map<AnyTensor, string>();
  const lines: string[] = [];
  let counter = 0;
  const shapeOf = ({ shape, dtype }: AnyTensor): string =>
    `[${shape.join(', ')}]${dtype === 'float32' ? '' : ` ${dtype}`}`;
  for (const node of topologicalOrder(Object.values(outputs))) {
    for (const made of node.outputs) {
      if (node.operator === 'Constant' && made.data!.length <= 4) {
        names.set(made, made.data!.length === 1 ? String(made.data![0]) : `[${[...made.data!].join(', ')}]`);
      } else {
        names.set(made, made.name ?? `%${counter++}`);
      }
    }
    const made = node.outputs.map((tensor) => names.get(tensor)!).join(', ');
    const shapes = node.outputs.map(shapeOf).join(' and ');
    if (node.operator === 'Input') lines.push(`${made} ${shapes}`);
    else if (node.operator === 'Constant') {
      if (made.startsWith('%')) lines.push(`${made} = constant ${shapes}`);
    } else {
      const sources = node.inputs.map((source) => (source ? names.get(source)! : '–')).join(', ');
      const attributes = Object.entries(node.attributes).map(([name, value]) => ` ${name}=${attributeText(value)}`);
      lines.push(`${made} = ${node.operator}(${sources}) ${shapes}${attributes.join('')}`);
    }
  }
  for (const [name, tensor] of Object.entries(outputs))
    lines.push(`${name} ← ${names.get(tensor)!} ${shapeOf(tensor)}`);
  return lines.join('\n');
}

function attributeText(value: GraphNode['attributes'][string]): string {
  if (typeof value === 'object' && 'float' in value) return String(value.float);
  if (typeof value === 'object' && 'floats' in value) return value.floats.join(',');
  return String(value);
}
