import { factorCholesky, invertCholesky, solveCholesky } from '../linear/cholesky.js';
import { isBridge } from './connected.js';

/** What was measured between two nodes of a network: the values of one less those of the other. */
export interface NetworkEdge {
  readonly from: number;
  readonly to: number;
  /** Measured x(from) − x(to), as many numbers as a node has values. */
  readonly difference: Float64Array;
  /** Its covariance, row-major, positive definite. */
  readonly covariance: Float64Array;
}

/** A network solved by least squares. */
export interface NetworkSolution {
  /** Of each node; zeros of node 0. */
  readonly values: readonly Float64Array[];
  /** The covariance of a node's values relative to node 0, row-major, as the edges' covariances predict it. */
  readonly covariance: (node: number) => Float64Array;
  /** Observations beyond what determines the nodes; 0 where there is no loop. */
  readonly degreesOfFreedom: number;
  /** Weighted square sum of the residuals over its expectation: 1 where the edges err as they say. NaN without a loop. */
  readonly varianceFactor: number;
  /** How each edge agrees with all others; null of one that no loop checks. */
  readonly checks: readonly (EdgeCheck | null)[];
}

/** An edge against the network without it (the w-test of Baarda, of all values of the edge together). */
export interface EdgeCheck {
  /** Measured less what the others say. */
  readonly discrepancy: Float64Array;
  /** What is to be expected of it: its covariance, row-major. */
  readonly covariance: Float64Array;
  /** Its squared length in standard deviations: χ² with as many degrees of freedom as a node has values, if nothing is wrong. */
  readonly statistic: number;
}

/** The weights of an edge: the inverse of its covariance. @throws RangeError where it has none */
function weightOf({ covariance, from, to }: NetworkEdge, size: number): Float64Array {
  const factor = factorCholesky(covariance, size, 1e-15);
  if (factor === null) throw new RangeError(`the covariance between nodes ${from} and ${to} is not positive definite`);
  return invertCholesky(factor);
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += matrix[i * size + j]! * vector[j]!;
    return sum;
  });
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

/** Normal equations of all nodes but the first. */
function sumEquations(
  nodes: number,
  size: number,
  edges: readonly NetworkEdge[],
  weights: readonly Float64Array[],
): { readonly matrix: Float64Array; readonly right: Float64Array } {
  const unknowns = (nodes - 1) * size;
  const matrix = new Float64Array(unknowns * unknowns);
  const right = new Float64Array(unknowns);
  const add = (row: number, column: number, sign: number, weight: Float64Array): void => {
    if (row === 0 || column === 0) return;
    for (let i = 0; i < size; i++) {
      const at = ((row - 1) * size + i) * unknowns + (column - 1) * size;
      for (let j = 0; j < size; j++) matrix[at + j]! += sign * weight[i * size + j]!;
    }
  };
  for (const [k, { from, to, difference }] of edges.entries()) {
    const weight = weights[k]!;
    add(from, from, 1, weight);
    add(to, to, 1, weight);
    add(from, to, -1, weight);
    add(to, from, -1, weight);
    const pull = times(weight, difference);
    for (let i = 0; i < size; i++) {
      if (from > 0) right[(from - 1) * size + i]! += pull[i]!;
      if (to > 0) right[(to - 1) * size + i]! -= pull[i]!;
    }
  }
  return { matrix, right };
}

/** The edge against what the others say: its residual is that, less what it drew the network to itself. */
function checkOf(edge: NetworkEdge, residual: Float64Array, expected: Float64Array): EdgeCheck | null {
  const size = residual.length;
  // The covariance of the residual: of the edge, less that of the adjusted difference.
  const ofResidual = edge.covariance.map((v, i) => v - expected[i]!);
  const factor = factorCholesky(ofResidual, size);
  if (factor === null) return null;
  const solved = solveCholesky(factor, residual);
  const discrepancy = times(edge.covariance, solved);
  // Q Qv⁻¹ Q: the edge's own covariance and that of the others' answer together.
  const covariance = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const column = Float64Array.from({ length: size }, (_, i) => edge.covariance[i * size + j]!);
    const image = times(edge.covariance, solveCholesky(factor, column));
    for (let i = 0; i < size; i++) covariance[i * size + j] = image[i]!;
  }
  return { discrepancy, covariance, statistic: dot(residual, solved) };
}

/**
 * Solves a network of nodes from the differences measured between them, each weighed by its covariance, node 0 held at zero, and
 * compares each edge with what all others say of it.
 *
 * @param nodes - how many, node 0 included; every one must be connected to it by edges
 * @param size - values of a node
 * @throws RangeError where an edge's covariance is not positive definite or a node is not connected
 */
export function adjustNetwork(nodes: number, size: number, edges: readonly NetworkEdge[]): NetworkSolution {
  const weights = edges.map((edge) => weightOf(edge, size));
  const { matrix, right } = sumEquations(nodes, size, edges, weights);
  const unknowns = right.length;
  const factor = factorCholesky(matrix, unknowns);
  if (factor === null) throw new RangeError('a node of the network is not connected to the first');
  const solved = solveCholesky(factor, right);
  const inverse = invertCholesky(factor);
  const block = (row: number, column: number): Float64Array => {
    const out = new Float64Array(size * size);
    if (row === 0 || column === 0) return out;
    for (let i = 0; i < size; i++) {
      const at = ((row - 1) * size + i) * unknowns + (column - 1) * size;
      out.set(inverse.subarray(at, at + size), i * size);
    }
    return out;
  };
  const values = Array.from({ length: nodes }, (_, node) =>
    node === 0 ? new Float64Array(size) : solved.slice((node - 1) * size, node * size),
  );
  const residuals = edges.map(({ from, to, difference }) =>
    difference.map((v, i) => v - (values[from]![i]! - values[to]![i]!)),
  );
  const squares = residuals.reduce((sum, v, k) => sum + dot(v, times(weights[k]!, v)), 0);
  const degreesOfFreedom = size * (edges.length - (nodes - 1));
  const checks = edges.map((edge, k) => {
    const { from, to } = edge;
    if (isBridge(nodes, edges, k)) return null;
    const [a, b, c] = [block(from, from), block(to, to), block(from, to)];
    const ofDifference = a.map((v, i) => v + b[i]! - c[i]! - c[(i % size) * size + Math.floor(i / size)]!);
    return checkOf(edge, residuals[k]!, ofDifference);
  });
  return {
    values,
    covariance: (node) => block(node, node),
    degreesOfFreedom,
    varianceFactor: degreesOfFreedom > 0 ? squares / degreesOfFreedom : Number.NaN,
    checks,
  };
}
