import { OnnxGradError, shapeError } from './error.js';
import type { Random } from './random.js';
import { sameShape } from './shape.js';
import { type Shape, type Tensor, constant, input, sizeOf } from './tensor.js';

/** Numbers a network has learned, or keeps: a leaf of a parameter tree. */
export interface Parameter {
  readonly shape: Shape;
  readonly data: Float32Array;
  /** `false` for what the optimiser leaves alone, for example running means. */
  readonly trainable: boolean;
}

/** Parameters by name, in nested plain objects and arrays. */
export type ParameterTree = Parameter | { readonly [name: string]: ParameterTree } | readonly ParameterTree[];

/** The same tree with a tensor in place of each parameter: what layers take; `unknown` for a tree of unknown shape. */
export type TensorsOf<T> = ParameterTree extends T
  ? unknown
  : T extends Parameter
    ? Tensor
    : { readonly [K in keyof T]: TensorsOf<T[K]> };

/** Whether a node of a tree is a leaf. */
function isParameter(node: ParameterTree): node is Parameter {
  return 'data' in node && node.data instanceof Float32Array;
}

/** Each leaf's name, its path joined with dots, in the tree's order: `block.0.weight`. */
export function namedParameters(tree: ParameterTree): Map<string, Parameter> {
  const found = new Map<string, Parameter>();
  const walk = (node: ParameterTree, path: string): void => {
    if (isParameter(node)) found.set(path, node);
    else for (const [name, child] of Object.entries(node)) walk(child, path === '' ? name : `${path}.${name}`);
  };
  walk(tree, '');
  return found;
}

function mapTree<T extends ParameterTree, R>(tree: T, make: (name: string, leaf: Parameter) => R): unknown {
  const walk = (node: ParameterTree, path: string): unknown => {
    if (isParameter(node)) return make(path, node);
    const entries = Object.entries(node as Record<string, ParameterTree>).map(
      ([name, child]) => [name, walk(child, path === '' ? name : `${path}.${name}`)] as const,
    );
    return Array.isArray(node) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
  };
  return walk(tree, '');
}

/** The tree as inputs of a graph, named by {@link namedParameters}. */
export function parameterInputs<T extends ParameterTree>(tree: T): TensorsOf<T> {
  return prefixedInputs(tree, '').tree as TensorsOf<T>;
}

/** The tree as inputs of a graph with a prefix before their names; also as a list by name (without it). */
export function prefixedInputs(
  tree: ParameterTree,
  prefix: string,
): { readonly tree: unknown; readonly named: ReadonlyMap<string, Tensor> } {
  const named = new Map<string, Tensor>();
  const inputs = mapTree(tree, (name, { shape }) => {
    const tensor = input(prefix + name, shape);
    named.set(name, tensor);
    return tensor;
  });
  return { tree: inputs, named };
}

/** The tree as constants of a graph, for inference. */
export function parameterConstants<T extends ParameterTree>(tree: T): TensorsOf<T> {
  return mapTree(tree, (_, { data, shape }) => constant(data, shape)) as TensorsOf<T>;
}

/** What to do about names that only one side has. */
export interface ReplaceOptions {
  /** Leaves without a value keep theirs, values without a leaf are left out; otherwise either is an error. */
  readonly partial?: boolean | undefined;
}

/**
 * The tree with other numbers, by name.
 *
 * @param values - shaped arrays by {@link namedParameters}'s names, for example read from a safetensors file
 * @throws OnnxGradError `missing-parameter`, `unknown-parameter` or `shape-mismatch`, each naming the parameter
 */
export function replaceParameters<T extends ParameterTree>(
  tree: T,
  values: ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>,
  options: ReplaceOptions = {},
): T {
  if (!options.partial) {
    const known = namedParameters(tree);
    for (const name of values.keys()) {
      if (!known.has(name))
        throw new OnnxGradError('unknown-parameter', `no parameter is called ${name}`, { value: name });
    }
  }
  return mapTree(tree, (name, leaf) => {
    const value = values.get(name);
    if (value === undefined) {
      if (options.partial) return leaf;
      throw new OnnxGradError('missing-parameter', `there are no numbers for parameter ${name}`, { value: name });
    }
    if (!sameShape(value.shape, leaf.shape))
      throw shapeError(`parameter ${name}`, [leaf.shape, value.shape], 'shapes differ');
    return { ...leaf, data: value.data };
  }) as T;
}

/** How many numbers a tree holds. */
export function countParameters(tree: ParameterTree): number {
  let count = 0;
  for (const { shape } of namedParameters(tree).values()) count += sizeOf(shape);
  return count;
}

/** A parameter filled with one value. */
export function filledParameter(shape: Shape, value: number, trainable = true): Parameter {
  return { shape, data: new Float32Array(sizeOf(shape)).fill(value), trainable };
}

/** A parameter of normal noise with a standard deviation. */
export function normalParameter(random: Random, shape: Shape, deviation: number): Parameter {
  return {
    shape,
    data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal() * deviation),
    trainable: true,
  };
}

/** A parameter of uniform noise in (−limit, limit). */
export function uniformParameter(random: Random, shape: Shape, limit: number): Parameter {
  const draw = (): number => (random.uniform() * 2 - 1) * limit;
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, draw), trainable: true };
}
