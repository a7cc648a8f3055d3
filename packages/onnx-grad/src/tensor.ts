import { argumentError, shapeError } from './error.js';
import { type ArrayOfDType, type DType, type TensorData, type TypedArrayOf, dtypeOf, filled, holds } from './dtype.js';

/** Sizes along each axis, outermost first; `[]` is a scalar. Always static. */
export type Shape = readonly number[];

/** An attribute of an ONNX node. Whole numbers are written as `int` unless wrapped in `{ float }`. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] };

/**
 * The gradient rule of a node: from the gradients of its outputs to those of its inputs.
 *
 * `gradients[i]` is `undefined` where nothing depends on output `i`; an `undefined` in the answer says that nothing flows to that input.
 */
export type GradientRule = (
  gradients: readonly (Tensor | undefined)[],
  node: GraphNode,
) => readonly (Tensor | undefined)[];

/** The gradient rule of a node with one output: from the output's gradient to those of the inputs. */
export type SimpleGradientRule = (
  gradient: Tensor,
  inputs: readonly Tensor[],
  output: Tensor,
) => readonly (Tensor | undefined)[];

/** One ONNX node: an operator, what goes in (an absent optional input is `undefined`) and what comes out. */
export interface GraphNode {
  /** The ONNX operator, for example `Conv`; `Input` and `Constant` are leaves and not nodes of the file. */
  readonly operator: string;
  /** Operator set; empty for ONNX's own. */
  readonly domain: string;
  readonly inputs: readonly (AnyTensor | undefined)[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly outputs: readonly AnyTensor[];
  readonly gradient: GradientRule | undefined;
}

/**
 * A symbolic array: a value in a graph, never numbers.
 *
 * Immutable; the graph is the web of references from outputs to inputs, so sharing a tensor shares its computation.
 * `Tensor` alone means 32-bit floats; `Tensor<'bool'>` and others say otherwise.
 */
export interface Tensor<in out D extends DType = 'float32'> {
  readonly shape: Shape;
  readonly dtype: D;
  /** The node that makes this value. */
  readonly node: GraphNode;
  /** Which of the node's outputs this is. */
  readonly index: number;
  /** The name of an input; `undefined` for everything else. */
  readonly name: string | undefined;
  /** The elements of a constant, row-major; `undefined` for everything else. */
  readonly data: TypedArrayOf<D> | undefined;
}

/** A tensor of any data type. */
export type AnyTensor = { [D in DType]: Tensor<D> }[DType];

/** A tensor, or a plain number that stands for a scalar of the other operand's type. */
export type Operand<D extends DType = 'float32'> = Tensor<D> | number;

/** An ONNX operator with what goes in. */
export interface NodeRequest {
  readonly operator: string;
  readonly domain?: string;
  readonly inputs: readonly (AnyTensor | undefined)[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly gradient?: GradientRule | undefined;
}

interface OutputRequest {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly name?: string;
  readonly data?: TensorData;
}

function makeNode(request: NodeRequest, outputs: readonly OutputRequest[]): readonly AnyTensor[] {
  const made: AnyTensor[] = [];
  const node: GraphNode = {
    operator: request.operator,
    domain: request.domain ?? '',
    inputs: request.inputs,
    attributes: request.attributes ?? {},
    outputs: made,
    gradient: request.gradient,
  };
  for (const [index, { dtype, shape, name, data }] of outputs.entries()) {
    made.push({ shape, dtype, node, index, name, data } as AnyTensor);
  }
  return made;
}

/** A node with several outputs; the caller vouches for their shapes and types. */
export function nodeWithOutputs(
  request: NodeRequest,
  outputs: readonly { readonly dtype: DType; readonly shape: Shape }[],
): readonly AnyTensor[] {
  return makeNode(request, outputs);
}

/** A node with one output; the caller vouches for its shape and type. */
export function node<D extends DType>(
  request: Omit<NodeRequest, 'gradient'> & { readonly gradient?: SimpleGradientRule | undefined },
  dtype: D,
  shape: Shape,
): Tensor<D> {
  const { gradient: rule, ...rest } = request;
  const gradient: GradientRule | undefined =
    rule && (([g], made) => (g ? rule(g, made.inputs as readonly Tensor[], made.outputs[0] as Tensor) : []));
  return makeNode({ ...rest, gradient }, [{ dtype, shape }])[0] as unknown as Tensor<D>;
}

/** How many elements a shape holds. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** How many bytes a tensor of this shape and type takes. */
export function byteSizeOf(shape: Shape, dtype: DType): number {
  return sizeOf(shape) * filled(dtype, 1, 0).BYTES_PER_ELEMENT;
}

function checkShape(operation: string, shape: Shape): void {
  for (const length of shape) {
    if (!Number.isInteger(length) || length < 0) {
      throw shapeError(operation, [shape], 'sizes must be whole numbers, zero or more');
    }
  }
}

/**
 * A value fed at each run: float32 unless `dtype` names another.
 *
 * @param name - what `run` knows it by
 * @param shape - static
 */
export function input(name: string, shape: Shape): Tensor;
export function input<D extends DType>(name: string, shape: Shape, dtype: D): Tensor<D>;
export function input(name: string, shape: Shape, dtype: DType = 'float32'): AnyTensor {
  if (name === '') throw argumentError('input', 'needs a name', name);
  checkShape('input', shape);
  return makeNode({ operator: 'Input', inputs: [] }, [{ dtype, shape: [...shape], name }])[0]!;
}

/**
 * A value known when the graph is built.
 *
 * A number becomes a `float32` scalar, or with a shape an array filled with it; an array keeps its type and is not copied.
 *
 * @throws OnnxGradError `shape-mismatch` where the array does not fill the shape
 */
export function constant(value: number, shape?: Shape): Tensor;
export function constant<D extends DType>(value: number, shape: Shape, dtype: D): Tensor<D>;
export function constant(value: Float32Array, shape?: Shape): Tensor;
export function constant(value: Float64Array, shape?: Shape): Tensor<'float64'>;
export function constant(value: Int32Array, shape?: Shape): Tensor<'int32'>;
export function constant(value: BigInt64Array, shape?: Shape): Tensor<'int64'>;
export function constant(value: Int8Array, shape?: Shape): Tensor<'int8'>;
export function constant(value: Uint8Array, shape?: Shape): Tensor<'uint8'>;
export function constant<D extends DType>(value: ArrayOfDType[D], shape: Shape, dtype: D): Tensor<D>;
export function constant(value: number | TensorData, shape?: Shape, dtype?: DType): AnyTensor {
  if (typeof value === 'number') {
    const type = dtype ?? 'float32';
    const shaped = shape ?? [];
    checkShape('constant', shaped);
    return leafConstant(filled(type, sizeOf(shaped), value), shaped, type);
  }
  const type = dtype ?? dtypeOf(value);
  const shaped = shape ?? [value.length];
  checkShape('constant', shaped);
  if (sizeOf(shaped) !== value.length) {
    throw shapeError('constant', [shaped], `${value.length} elements do not fill the shape`);
  }
  if (!holds(value, type)) throw argumentError('constant', `the array cannot hold ${type}`, value.constructor.name);
  return leafConstant(value, shaped, type);
}

function leafConstant(data: TensorData, shape: Shape, dtype: DType): AnyTensor {
  return makeNode({ operator: 'Constant', inputs: [] }, [{ dtype, shape: [...shape], data }])[0]!;
}

/** A 64-bit integer vector: what ONNX wants for shapes, axes, starts and ends. */
export function int64Vector(values: readonly number[]): Tensor<'int64'> {
  return constant(BigInt64Array.from(values, BigInt));
}

/** A tensor as it is, or a plain number as a scalar of type `dtype`. */
export function asTensor<D extends DType>(value: Operand<D>, dtype: D): Tensor<D> {
  return typeof value === 'number' ? constant(value, [], dtype) : value;
}

/** The data type two operands share; numbers take the other's, two numbers are `float32`. */
export function sharedDType<D extends DType>(operation: string, a: Operand<D>, b: Operand<D>): D {
  const left = typeof a === 'number' ? undefined : a.dtype;
  const right = typeof b === 'number' ? undefined : b.dtype;
  if (left !== undefined && right !== undefined && left !== right) {
    throw argumentError(operation, `operands of types ${left} and ${right}; cast one of them`, [left, right]);
  }
  return (left ?? right ?? 'float32') as D;
}

/** Zeros, made when the graph runs: as a constant they would be stored in the model. */
export function zeros(shape: Shape): Tensor {
  checkShape('zeros', shape);
  return node({ operator: 'ConstantOfShape', inputs: [int64Vector(shape)], gradient: () => [] }, 'float32', [...shape]);
}
