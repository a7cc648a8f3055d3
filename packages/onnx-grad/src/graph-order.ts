import type { AnyTensor, GraphNode } from './tensor.js';

/** Nodes in an order in which every value is made before it is used; no recursion, graphs may be deep. */
export function topologicalOrder(outputs: Iterable<AnyTensor>): GraphNode[] {
  const order: GraphNode[] = [];
  const state = new Map<GraphNode, 'open' | 'done'>();
  const stack: GraphNode[] = [...outputs].map((tensor) => tensor.node).toReversed();
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    const seen = state.get(node);
    if (seen === 'done') {
      stack.pop();
    } else if (seen === 'open') {
      state.set(node, 'done');
      order.push(node);
      stack.pop();
    } else {
      state.set(node, 'open');
      for (const source of node.inputs.toReversed()) {
        if (source && !state.has(source.node)) stack.push(source.node);
      }
    }
  }
  return order;
}
