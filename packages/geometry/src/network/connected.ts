/** Two nodes that something connects. */
interface Link {
  readonly from: number;
  readonly to: number;
}

/** Which nodes edges connect to node 0. @param without - an edge that does not count */
export function connectedNodes(nodes: number, edges: readonly Link[], without = -1): readonly boolean[] {
  const beside: number[][] = Array.from({ length: nodes }, () => []);
  for (const [k, { from, to }] of edges.entries()) {
    if (k === without) continue;
    beside[from]!.push(to);
    beside[to]!.push(from);
  }
  const found = Array.from({ length: nodes }, (_, node) => node === 0);
  const open = [0];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of beside[node]!) {
      if (found[next]) continue;
      found[next] = true;
      open.push(next);
    }
  }
  return found;
}

/** Whether an edge is the only way between the nodes on its two sides: no loop passes through it. */
export function isBridge(nodes: number, edges: readonly Link[], edge: number): boolean {
  const all = connectedNodes(nodes, edges);
  const rest = connectedNodes(nodes, edges, edge);
  return all.some((connected, node) => connected && !rest[node]);
}
