import { type TensorData, type DType, onnxDataType } from './dtype.js';
import { argumentError } from './error.js';
import { topologicalOrder } from './graph-order.js';
import { toHalf } from './half.js';
import { ProtobufWriter } from './protobuf.js';
import type { AnyTensor, Attribute, GraphNode, Shape } from './tensor.js';

/** Named tensors, as the outputs of a model. */
export type NamedTensors = Readonly<Record<string, AnyTensor>>;

/** The shape and type of an input or output. */
export interface ValueInfo {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A graph in ONNX's file format; `Outputs` remembers each output's type for `Session.run`. */
export interface Model<Outputs extends NamedTensors = NamedTensors> {
  /** An `.onnx` file. */
  readonly bytes: Uint8Array;
  readonly inputs: Readonly<Record<string, ValueInfo>>;
  readonly outputs: Outputs;
}

/** Options of {@link buildModel}. */
export interface BuildOptions<Outputs extends NamedTensors> {
  /** Inputs that must exist, in this order, used or not; those found in the graph and not named here follow. */
  readonly inputs?: readonly AnyTensor[] | undefined;
  readonly outputs: Outputs;
  /** `float16` stores constants of more than 16 numbers in half the space; they are computed with as 32-bit floats all the same. */
  readonly weights?: 'float32' | 'float16' | undefined;
}

// Conv-11, Resize-19, Gelu-20 and DFT-20 are the newest forms this set needs, and the ones ONNX Runtime optimises best.
const opsetVersion = 20;
const irVersion = 9;

function writeAttribute(writer: ProtobufWriter, name: string, value: Attribute): void {
  writer.string(1, name);
  if (typeof value === 'number') {
    writer.int(3, value);
    writer.int(20, 2);
  } else if (typeof value === 'string') {
    writer.string(4, value);
    writer.int(20, 3);
  } else if ('float' in value) {
    writer.float(2, value.float);
    writer.int(20, 1);
  } else if ('floats' in value) {
    for (const item of value.floats) writer.float(7, item);
    writer.int(20, 6);
  } else {
    for (const item of value) writer.int(8, item);
    writer.int(20, 7);
  }
}

function writeValueInfo(writer: ProtobufWriter, name: string, value: ValueInfo): void {
  writer.string(1, name);
  writer.message(2, (type) => {
    type.message(1, (tensor) => {
      tensor.int(1, onnxDataType[value.dtype]);
      tensor.message(2, (shape) => {
        for (const length of value.shape) shape.message(1, (dimension) => dimension.int(1, length));
      });
    });
  });
}

function rawBytes(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function writeInitialiser(writer: ProtobufWriter, name: string, shape: Shape, dtype: DType, data: TensorData): void {
  for (const length of shape) writer.int(1, length);
  writer.int(2, onnxDataType[dtype]);
  writer.string(8, name);
  writer.bytes(9, rawBytes(data));
}

/** Small constants with equal content become one initialiser. */
function contentKey(tensor: AnyTensor): string | undefined {
  const data = tensor.data!;
  if (data.length > 16) return undefined;
  return `${tensor.dtype}|${tensor.shape.join(',')}|${rawBytes(data).join(',')}`;
}

/** What a graph's tensors are called. */
interface GraphNames {
  /** Of inputs at first; every tensor's in the end. */
  readonly names: Map<AnyTensor, string>;
  readonly outputNames: ReadonlyMap<AnyTensor, string>;
  /** Outputs that are another's tensor, an input or a constant. */
  readonly aliases: readonly (readonly [AnyTensor, string])[];
  readonly inputs: ReadonlyMap<string, AnyTensor>;
  /** A name that nothing has yet. */
  readonly fresh: (prefix: string) => string;
}

/** The bytes of a GraphProto: nodes in `order`, constants, inputs and outputs. */
function writeGraph(
  order: readonly GraphNode[],
  { names, outputNames, aliases, inputs, fresh }: GraphNames,
  options: BuildOptions<NamedTensors>,
): Uint8Array {
  const constants = new Map<string, string>();
  const initialisers: ((writer: ProtobufWriter) => void)[] = [];
  const graph = new ProtobufWriter();
  for (const node of order) {
    if (node.operator === 'Input') continue;
    if (node.operator === 'Constant') {
      const tensor = node.outputs[0]!;
      const key = contentKey(tensor);
      const name = (key === undefined ? undefined : constants.get(key)) ?? fresh('constant');
      names.set(tensor, name);
      if (key !== undefined && constants.has(key)) continue;
      if (key !== undefined) constants.set(key, name);
      if (options.weights === 'float16' && key === undefined && tensor.dtype === 'float32') {
        const half = fresh('half');
        const data = Uint16Array.from(tensor.data!, toHalf);
        initialisers.push((writer) => writeInitialiser(writer, half, tensor.shape, 'float16', data));
        graph.message(1, (writer) => {
          writer.string(1, half);
          writer.string(2, name);
          writer.string(4, 'Cast');
          writer.message(5, (attribute) => writeAttribute(attribute, 'to', onnxDataType.float32));
        });
      } else {
        initialisers.push((writer) => writeInitialiser(writer, name, tensor.shape, tensor.dtype, tensor.data!));
      }
      continue;
    }
    for (const tensor of node.outputs) names.set(tensor, outputNames.get(tensor) ?? fresh(node.operator));
    graph.message(1, (writer) => {
      for (const source of node.inputs) writer.string(1, source ? names.get(source)! : '');
      for (const made of node.outputs) writer.string(2, names.get(made)!);
      writer.string(3, names.get(node.outputs[0]!)!);
      writer.string(4, node.operator);
      for (const [name, value] of Object.entries(node.attributes)) {
        writer.message(5, (attribute) => writeAttribute(attribute, name, value));
      }
      if (node.domain !== '') writer.string(7, node.domain);
    });
  }
  for (const [tensor, name] of aliases) {
    graph.message(1, (writer) => {
      writer.string(1, names.get(tensor)!);
      writer.string(2, name);
      writer.string(4, 'Identity');
    });
  }
  graph.string(2, 'onnx-grad');
  for (const write of initialisers) graph.message(5, write);
  for (const [name, tensor] of inputs) graph.message(11, (writer) => writeValueInfo(writer, name, tensor));
  for (const [name, tensor] of Object.entries(options.outputs)) {
    graph.message(12, (writer) => writeValueInfo(writer, name, tensor));
  }
  return graph.finish();
}

/**
 * Writes the graph that leads to some tensors as an ONNX model.
 *
 * A tensor used twice is computed once.
 *
 * @throws OnnxGradError where two inputs share a name or a value's type is unsupported
 */
export function buildModel<Outputs extends NamedTensors>(options: BuildOptions<Outputs>): Model<Outputs> {
  const order = topologicalOrder([...Object.values(options.outputs), ...(options.inputs ?? [])]);
  const names = new Map<AnyTensor, string>();
  const inputs = new Map<string, AnyTensor>();
  for (const tensor of [...(options.inputs ?? []), ...order.flatMap((node) => node.outputs)]) {
    if (tensor.node.operator !== 'Input') continue;
    const known = inputs.get(tensor.name!);
    if (known && known !== tensor) throw argumentError('buildModel', 'two inputs share a name', tensor.name);
    inputs.set(tensor.name!, tensor);
    names.set(tensor, tensor.name!);
  }

  const outputNames = new Map<AnyTensor, string>();
  const aliases: [AnyTensor, string][] = [];
  for (const [name, tensor] of Object.entries(options.outputs)) {
    if (inputs.has(name)) throw argumentError('buildModel', 'an output has the name of an input', name);
    const leaf = tensor.node.operator === 'Input' || tensor.node.operator === 'Constant';
    if (leaf || outputNames.has(tensor)) aliases.push([tensor, name]);
    else outputNames.set(tensor, name);
  }
  const taken = new Set([...inputs.keys(), ...Object.keys(options.outputs)]);
  let counter = 0;
  const fresh = (prefix: string): string => {
    let name: string;
    do name = `${prefix}_${counter++}`;
    while (taken.has(name));
    return name;
  };

  const graph = writeGraph(order, { names, outputNames, aliases, inputs, fresh }, options);
  const model = new ProtobufWriter();
  model.int(1, irVersion);
  model.string(2, 'onnx-grad');
  model.bytes(7, graph);
  model.message(8, (set) => {
    set.string(1, '');
    set.int(2, opsetVersion);
  });
  if (order.some((node) => node.domain === 'com.microsoft')) {
    model.message(8, (set) => {
      set.string(1, 'com.microsoft');
      set.int(2, 1);
    });
  }
  const valueInfos = Object.fromEntries([...inputs].map(([name, { shape, dtype }]) => [name, { shape, dtype }]));
  return { bytes: model.finish().slice(), inputs: valueInfos, outputs: options.outputs };
}
