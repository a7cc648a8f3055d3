import type { TensorData } from './dtype.js';
import { OnnxGradError, argumentError, shapeError } from './error.js';
import { type Model, type NamedTensors, buildModel } from './model.js';
import { type ParameterTree, namedParameters, replaceParameters } from './parameters.js';
import type { Backend } from './runtime.js';
import { type Session, type SessionOptions, createSession } from './session.js';
import { sameShape } from './shape.js';
import { type Tensor, type Shape, sizeOf } from './tensor.js';
import {
  type TrainingGraph,
  type TrainingProgram,
  accumulationGraph,
  stateShapes,
  stepGraph,
} from './training-graph.js';

/** The elements of one batch, by input. */
export type BatchData<B extends NamedTensors> = { readonly [K in keyof B]: NonNullable<B[K]['data']> };

/** What a step reports. */
export interface StepReport {
  /** How many steps there were, this one included. */
  readonly step: number;
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Everything a trainer needs to go on. */
export interface TrainerState {
  /** Steps taken. */
  readonly step: number;
  /** Parameters, what the optimiser remembers, and averages, by name. */
  readonly tensors: ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;
}

/** Training under way: parameters and optimiser in memory, a compiled step to change them. */
export interface Trainer<P extends ParameterTree, B extends NamedTensors> extends AsyncDisposable {
  readonly backend: Backend;
  /** What was not as asked, for example a fall-back. */
  readonly warnings: readonly string[];
  /** How many batches make a step. */
  readonly accumulate: number;
  /** Steps taken. */
  readonly stepsTaken: number;
  /**
   * Takes one step.
   *
   * @param batches - one, or as many as `accumulate` says
   * @throws OnnxGradError `not-finite` where loss or gradient is; the parameters are then left as they were
   */
  step(batches: BatchData<B> | readonly BatchData<B>[], learningRate: number): Promise<StepReport>;
  /** The parameters as they are now, copied. */
  parameters(): P;
  /** The moving average of the parameters, copied. */
  averagedParameters(): P;
  /** All state, copied. */
  state(): TrainerState;
  /** Goes on from a state of the same program. */
  restore(state: TrainerState): void;
  /** Frees the compiled step. */
  dispose(): Promise<void>;
}

type Arrays = Map<string, Float32Array>;
type Outputs = Readonly<Record<string, Tensor>>;

interface Compiled {
  readonly session: Session<Outputs>;
  readonly model: Model<Outputs>;
}

async function compile(graph: TrainingGraph, options: SessionOptions): Promise<Compiled> {
  const model = buildModel(graph);
  return { model, session: await createSession(model, options) };
}

/**
 * Runs a graph on the state and exchanges what it renews with the arrays of the state before: two sets take turns, so that nothing is
 * copied or allocated. `check` may refuse the result before anything is exchanged.
 */
async function advance(
  { session, model }: Compiled,
  state: Arrays,
  spare: Arrays,
  feeds: Record<string, TensorData>,
  check: (outputs: Record<string, Float32Array>) => void,
): Promise<void> {
  const all: Record<string, TensorData> = { ...feeds };
  for (const name of Object.keys(model.inputs)) all[name] ??= state.get(name)!;
  const renewed = Object.keys(model.outputs).filter((name) => name.startsWith('next.'));
  const into = renewed.map((name) => {
    const key = name.slice('next.'.length);
    return [name, spare.get(key) ?? new Float32Array(state.get(key)!.length)] as const;
  });
  const outputs = (await session.run(all, Object.fromEntries(into))) as Record<string, Float32Array>;
  check(outputs);
  for (const name of renewed) {
    const key = name.slice('next.'.length);
    spare.set(key, state.get(key)!);
    state.set(key, outputs[name]!);
  }
}

/** All state as it is before the first step. */
export function initialState<P extends ParameterTree, B extends NamedTensors>(program: TrainingProgram<P, B>): Arrays {
  const parameters = namedParameters(program.parameters);
  const state: Arrays = new Map();
  for (const [key, shape] of stateShapes(program)) {
    const learned = /^(?:parameters|average)\.(.*)$/s.exec(key);
    state.set(key, learned ? parameters.get(learned[1]!)!.data.slice() : new Float32Array(sizeOf(shape)));
  }
  return state;
}

/**
 * Compiles a training program.
 *
 * @throws OnnxGradError as `gradient`, `buildModel` and `createSession` do
 */
export async function createTrainer<P extends ParameterTree, B extends NamedTensors>(
  program: TrainingProgram<P, B>,
  options: SessionOptions = {},
): Promise<Trainer<P, B>> {
  const { accumulate = 1 } = program;
  if (!Number.isInteger(accumulate) || accumulate < 1) {
    throw argumentError('createTrainer', 'accumulate must be a whole number from 1', accumulate);
  }
  // ONNX Runtime's blocked layouts need constant weights; here they would only add copies to and fro.
  const sessionOptions: SessionOptions = { optimization: 'extended', ...options };
  const final = await compile(stepGraph(program), sessionOptions);
  const partial = accumulate > 1 ? await compile(accumulationGraph(program), sessionOptions) : undefined;
  const shapes = stateShapes(program);
  const state = initialState(program);
  const spare: Arrays = new Map();
  let stepsTaken = 0;

  const treeOf = (prefix: string): P => {
    const values = new Map<string, { shape: Shape; data: Float32Array }>();
    for (const name of namedParameters(program.parameters).keys()) {
      const key = `${prefix}.${name}`;
      values.set(name, { shape: shapes.get(key)!, data: state.get(key)!.slice() });
    }
    return replaceParameters(program.parameters, values);
  };
  const dispose = async (): Promise<void> => {
    await final.session.dispose();
    await partial?.session.dispose();
  };
  return {
    backend: final.session.backend,
    warnings: final.session.warnings,
    accumulate,
    get stepsTaken() {
      return stepsTaken;
    },
    async step(batches, learningRate) {
      const list = (Array.isArray(batches) ? batches : [batches]) as readonly Record<string, TensorData>[];
      if (list.length !== accumulate)
        throw argumentError('step', `wants ${accumulate} batches, got ${list.length}`, list.length);
      const sums = new Map<string, number>();
      let gradientNorm = 0;
      for (const [key, data] of state) if (key.startsWith('accumulated.')) data.fill(0);
      for (const [i, batch] of list.entries()) {
        const last = i === accumulate - 1;
        const scalars = last
          ? { learningRate: Float32Array.of(learningRate), step: Float32Array.of(stepsTaken + 1) }
          : {};
        await advance(last ? final : partial!, state, spare, { ...batch, ...scalars }, (outputs) => {
          for (const [name, value] of Object.entries(outputs)) {
            if (name === 'loss' || name.startsWith('metric.')) sums.set(name, (sums.get(name) ?? 0) + value[0]!);
          }
          if (last) gradientNorm = outputs['gradientNorm']![0]!;
          requireFinite(sums.get('loss')!, gradientNorm, stepsTaken + 1);
        });
      }
      stepsTaken++;
      const mean = (name: string): number => sums.get(name)! / accumulate;
      const metrics = [...sums.keys()].flatMap((name) =>
        name === 'loss' ? [] : [[name.slice('metric.'.length), mean(name)]],
      );
      return { step: stepsTaken, loss: mean('loss'), gradientNorm, metrics: Object.fromEntries(metrics) };
    },
    parameters: () => treeOf('parameters'),
    averagedParameters() {
      if (program.average === undefined)
        throw argumentError('averagedParameters', 'the program keeps no average', undefined);
      return treeOf('average');
    },
    state: () => ({
      step: stepsTaken,
      tensors: new Map(
        [...state].flatMap(([key, data]) =>
          key.startsWith('accumulated.') ? [] : [[key, { shape: shapes.get(key)!, data: data.slice() }]],
        ),
      ),
    }),
    restore(from) {
      for (const key of state.keys()) {
        if (key.startsWith('accumulated.')) continue;
        const stored = from.tensors.get(key);
        if (!stored) throw new OnnxGradError('missing-parameter', `the state has no ${key}`, { value: key });
        if (!sameShape(stored.shape, shapes.get(key)!))
          throw shapeError(`restore ${key}`, [shapes.get(key)!, stored.shape], 'shapes differ');
      }
      for (const key of state.keys()) {
        const stored = from.tensors.get(key);
        if (stored) state.set(key, stored.data.slice());
      }
      stepsTaken = from.step;
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

function requireFinite(loss: number, gradientNorm: number, step: number): void {
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return;
  const what = Number.isFinite(loss) ? `the gradient's norm is ${gradientNorm}` : `the loss is ${loss}`;
  throw new OnnxGradError('not-finite', `step ${step}: ${what}`, {
    hint: 'a lower learning rate, clipNorm, or a look at the data of this step; the parameters are as before it',
    value: step,
  });
}
