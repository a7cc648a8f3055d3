import { argumentError, shapeError } from './error.js';
import { gradient } from './gradient.js';
import type { Mode } from './layers.js';
import type { NamedTensors } from './model.js';
import { add, minimum, div, mul } from './operations/arithmetic.js';
import { sqrt } from './operations/elementwise.js';
import { reshape } from './operations/movement.js';
import { reduceSum } from './operations/reduction.js';
import type { Optimizer } from './optimizers.js';
import { type ParameterTree, type TensorsOf, namedParameters, prefixedInputs } from './parameters.js';
import { type AnyTensor, type Tensor, constant, input, sizeOf } from './tensor.js';

/** A loss, alone or with other numbers worth watching (scalars). */
export type LossResult = Tensor | { readonly loss: Tensor; readonly metrics?: Readonly<Record<string, Tensor>> };

/** What is trained, on what, and how. */
export interface TrainingProgram<P extends ParameterTree, B extends NamedTensors> {
  /** Where training starts. */
  readonly parameters: P;
  /** The inputs of one batch, each under its own name. */
  readonly batch: B;
  /** The loss of a batch. */
  readonly loss: (parameters: TensorsOf<P>, batch: B, mode: Mode) => LossResult;
  readonly optimizer: Optimizer;
  /** Gradients together longer than this are shortened to it. */
  readonly clipNorm?: number;
  /** How much of the moving average of the parameters stays each step, for example 0.999; none is kept unless named. */
  readonly average?: number;
  /** Batches whose gradients are averaged into one step; 1 unless named. */
  readonly accumulate?: number;
}

/** One graph of training: what it reads and writes. State has one name as input (`parameters.…`) and `next.` before it as output. */
export interface TrainingGraph {
  readonly inputs: readonly AnyTensor[];
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** Shapes of all state by name: `parameters.`, `optimizer.SLOT.`, `average.` and `accumulated.` before the parameter's name. */
export function stateShapes<P extends ParameterTree, B extends NamedTensors>(
  program: TrainingProgram<P, B>,
): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const [name, { shape, trainable }] of namedParameters(program.parameters)) {
    shapes.set(`parameters.${name}`, shape);
    if (program.average !== undefined) shapes.set(`average.${name}`, shape);
    if (!trainable) continue;
    for (const slot of program.optimizer.slots) shapes.set(`optimizer.${slot}.${name}`, shape);
    if ((program.accumulate ?? 1) > 1) shapes.set(`accumulated.${name}`, shape);
  }
  return shapes;
}

interface Differentiated {
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** New values of parameters that are not trained. */
  readonly updates: ReadonlyMap<Tensor, Tensor>;
  readonly loss: Tensor;
  readonly metrics: Readonly<Record<string, Tensor>>;
  /** By name, of what is trained. */
  readonly gradients: ReadonlyMap<string, Tensor>;
}

interface UntypedLoss {
  readonly loss: (parameters: unknown, batch: unknown, mode: Mode) => LossResult;
}

function differentiate<P extends ParameterTree, B extends NamedTensors>(
  program: TrainingProgram<P, B>,
): Differentiated {
  for (const [name, tensor] of Object.entries(program.batch)) {
    if (tensor.name !== name) throw argumentError('training', `batch.${name} must be input('${name}', …)`, tensor.name);
  }
  const { tree, named: parameters } = prefixedInputs(program.parameters, 'parameters.');
  const leaves = namedParameters(program.parameters);
  const updates = new Map<Tensor, Tensor>();
  const mode: Mode = { training: true, update: (parameter, value) => void updates.set(parameter, value) };
  // The compiler cannot follow a tree of unknown depth; users see the exact type.
  const result = (program as unknown as UntypedLoss).loss(tree, program.batch, mode);
  const { loss, metrics = {} } = 'loss' in result ? result : { loss: result };
  for (const [name, value] of [['loss', loss] as const, ...Object.entries(metrics)]) {
    if (sizeOf(value.shape) !== 1) throw shapeError(`training: ${name}`, [value.shape], 'must be a single number');
  }
  const trained = [...parameters].filter(([name]) => leaves.get(name)!.trainable);
  const found = gradient(
    loss,
    trained.map(([, tensor]) => tensor),
  );
  return { parameters, updates, loss, metrics, gradients: new Map(trained.map(([name], i) => [name, found[i]!])) };
}

function report({ loss, metrics }: Differentiated): Record<string, Tensor> {
  return { loss, ...Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`metric.${name}`, value])) };
}

/** The graph of one batch that only adds its gradients to those before. */
export function accumulationGraph<P extends ParameterTree, B extends NamedTensors>(
  program: TrainingProgram<P, B>,
): TrainingGraph {
  const found = differentiate(program);
  const outputs: Record<string, Tensor> = report(found);
  for (const [name, g] of found.gradients) {
    outputs[`next.accumulated.${name}`] = add(input(`accumulated.${name}`, g.shape), g);
  }
  for (const [name, tensor] of found.parameters) {
    const update = found.updates.get(tensor);
    if (update) outputs[`next.parameters.${name}`] = update;
  }
  return { inputs: Object.values(program.batch), outputs };
}

/** The graph of a step: loss, gradients, clipping, update and average in one. */
export function stepGraph<P extends ParameterTree, B extends NamedTensors>(
  program: TrainingProgram<P, B>,
): TrainingGraph {
  const found = differentiate(program);
  const { optimizer, clipNorm, average, accumulate = 1 } = program;
  const learningRate = input('learningRate', []);
  const step = input('step', []);
  const summed = [...found.gradients].map(([name, g]) => {
    const row = reshape(g, [sizeOf(g.shape)]);
    const total = accumulate > 1 ? mul(add(input(`accumulated.${name}`, row.shape), row), 1 / accumulate) : row;
    return [name, total] as const;
  });
  const squares = summed.map(([, g]) => reduceSum(mul(g, g)));
  const gradientNorm = sqrt(squares.reduce((sum, square) => add(sum, square), constant(0)));
  const factor = clipNorm === undefined ? undefined : minimum(div(clipNorm, add(gradientNorm, 1e-6)), 1);
  const outputs: Record<string, Tensor> = { ...report(found), gradientNorm };
  const gradients = new Map(summed);
  for (const [name, parameter] of found.parameters) {
    const g = gradients.get(name);
    let next = found.updates.get(parameter);
    if (g) {
      // As one row: beside trailing axes of size 1, as of pointwise kernels, ONNX Runtime broadcasts scalars element by element.
      const row = [sizeOf(parameter.shape)];
      const slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, input(`optimizer.${slot}.${name}`, row)]));
      const clipped = factor ? mul(g, factor) : g;
      const updated = optimizer.update({
        parameter: reshape(parameter, row),
        gradient: clipped,
        slots,
        learningRate,
        step,
      });
      next = updated.parameter;
      for (const [slot, value] of Object.entries(updated.slots)) outputs[`next.optimizer.${slot}.${name}`] = value;
    }
    if (next) outputs[`next.parameters.${name}`] = next;
    if (average !== undefined) {
      const before = input(`average.${name}`, g ? [sizeOf(parameter.shape)] : parameter.shape);
      // What is not trained is itself an average already.
      outputs[`next.average.${name}`] = g ? add(mul(before, average), mul(next!, 1 - average)) : (next ?? parameter);
    }
  }
  return { inputs: [...Object.values(program.batch), learningRate, step], outputs };
}
