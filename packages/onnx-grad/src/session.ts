import type { InferenceSession, OnnxValue, Tensor as OrtTensor } from 'onnxruntime-common';
import { type DType, type TensorData, type TypedArrayOf, holds } from './dtype.js';
import { OnnxGradError, argumentError } from './error.js';
import type { Model, NamedTensors } from './model.js';
import { type Backend, type Runtime, loadRuntime } from './runtime.js';
import { sizeOf } from './tensor.js';

/** How to run a model. */
export interface SessionOptions {
  /** `auto` (unless named) is `node` where onnxruntime-node is installed, else `wasm`. */
  readonly backend?: Backend | 'auto' | undefined;
  /** Threads within one operation: 1 unless named. wasm takes the number of the first session in the process for all. */
  readonly threads?: number | undefined;
  /** ONNX Runtime's execution providers, in order of preference, where the default (the processor) is not wanted: `cuda`, `webgpu`, … */
  readonly executionProviders?: readonly string[] | undefined;
  /** ONNX Runtime's graph optimisation; `all` unless named. */
  readonly optimization?: 'disabled' | 'basic' | 'extended' | 'all' | undefined;
  /**
   * Whether threads wait for the next operation by turning over, which is fastest for one session on an idle machine; true unless
   * named. Where several sessions take turns, or other work wants the processors, `false` wastes none of them. Native only.
   */
  readonly spinning?: boolean | undefined;
  /** Where ONNX Runtime writes how long each operation takes: a path to which it adds the time and `.json` (backend `node` only). */
  readonly profilePrefix?: string | undefined;
}

/** The arrays a model's outputs come as. */
export type OutputsOf<Outputs extends NamedTensors> = {
  [K in keyof Outputs]: TypedArrayOf<Outputs[K]['dtype']>;
};

/** A model ready to run. Free it with `dispose` or `await using`; until then it keeps its memory. */
export interface Session<Outputs extends NamedTensors = NamedTensors> extends AsyncDisposable {
  /** The engine that runs it. */
  readonly backend: Backend;
  /** What was not as asked, for example a fall-back. */
  readonly warnings: readonly string[];
  /**
   * Runs the model. The native engine holds the thread until it is done; `workerBatches` goes on meanwhile.
   *
   * @param feeds - the elements of each input, row-major
   * @param into - arrays that outputs may be written to, which spares allocating them; not the same memory as any feed
   * @returns the elements of each output, row-major; those of `into` where the engine could write there, others in arrays of their own
   */
  run(
    feeds: Readonly<Record<string, TensorData>>,
    into?: Readonly<Record<string, TensorData>>,
  ): Promise<OutputsOf<Outputs>>;
  /** Ends profiling and writes the file. */
  endProfiling(): void;
  /** Frees the model. A second call does nothing. */
  dispose(): Promise<void>;
}

function toOrt(runtime: Runtime, model: Model, feeds: Readonly<Record<string, TensorData>>): Record<string, OrtTensor> {
  const result: Record<string, OrtTensor> = {};
  for (const [name, { shape, dtype }] of Object.entries(model.inputs)) {
    const data = feeds[name];
    if (data === undefined) throw argumentError('run', `input ${name} [${shape.join(', ')}] was not fed`, name);
    if (!holds(data, dtype) || data.length !== sizeOf(shape)) {
      const wanted = `${sizeOf(shape)} elements of ${dtype} for [${shape.join(', ')}]`;
      throw argumentError(
        'run',
        `input ${name} wants ${wanted}; got ${data.length} in a ${data.constructor.name}`,
        name,
      );
    }
    result[name] = new runtime.ort.Tensor(dtype as 'float32', data as Float32Array, shape);
  }
  for (const name of Object.keys(feeds)) {
    if (!(name in model.inputs)) throw argumentError('run', `the model has no input ${name}`, name);
  }
  return result;
}

/** All outputs, those with an array to be written to as tensors; the wasm engine would leave such arrays as they are. */
function fetches(
  runtime: Runtime,
  model: Model,
  into: Readonly<Record<string, TensorData>>,
): Record<string, OrtTensor | null> {
  const wanted = Object.entries(model.outputs).map(([name, { shape, dtype }]) => {
    const data = runtime.backend === 'node' ? into[name] : undefined;
    return [name, data ? new runtime.ort.Tensor(dtype as 'float32', data as Float32Array, shape) : null] as const;
  });
  return Object.fromEntries(wanted);
}

function elements(value: OnnxValue | undefined, name: string, dtype: DType): TensorData {
  const data = (value as OrtTensor | undefined)?.data as TensorData | undefined;
  if (data === undefined)
    throw new OnnxGradError('run-failed', `ONNX Runtime returned no data for output ${name} (${dtype})`);
  return data;
}

/**
 * Loads a model into ONNX Runtime.
 *
 * @throws OnnxGradError `backend-missing` where the backend asked for is not installed; `invalid-model` where ONNX Runtime refuses it
 */
export async function createSession<Outputs extends NamedTensors>(
  model: Model<Outputs>,
  options: SessionOptions = {},
): Promise<Session<Outputs>> {
  const gpu = options.executionProviders?.includes('webgpu') ?? false;
  const runtime = await loadRuntime(options.backend ?? 'auto', options.threads ?? 1, gpu);
  let session: InferenceSession | undefined;
  try {
    session = await runtime.ort.InferenceSession.create(model.bytes, {
      executionProviders: options.executionProviders ?? [runtime.backend === 'node' ? 'cpu' : 'wasm'],
      intraOpNumThreads: options.threads ?? 1,
      interOpNumThreads: 1,
      graphOptimizationLevel: options.optimization ?? 'all',
      ...(options.spinning === false && runtime.backend === 'node'
        ? { extra: { session: { intra_op: { allow_spinning: '0' } } } }
        : {}),
      // Errors only: warnings about unused initialisers would reach the terminal.
      logSeverityLevel: 3,
      ...(options.profilePrefix === undefined
        ? {}
        : { enableProfiling: true, profileFilePrefix: options.profilePrefix }),
    });
  } catch (cause) {
    throw new OnnxGradError('invalid-model', `ONNX Runtime refused the model: ${messageOf(cause)}`, { cause });
  }
  const dispose = async (): Promise<void> => {
    const open = session;
    session = undefined;
    await open?.release();
  };
  return {
    backend: runtime.backend,
    warnings: runtime.warnings,
    async run(feeds, into = {}) {
      if (session === undefined) throw new OnnxGradError('disposed', 'run: the session was disposed');
      const tensors = toOrt(runtime, model, feeds);
      let fetched: Awaited<ReturnType<InferenceSession['run']>>;
      try {
        fetched = await session.run(tensors, fetches(runtime, model, into));
      } catch (cause) {
        throw new OnnxGradError('run-failed', `ONNX Runtime failed: ${messageOf(cause)}`, { cause });
      }
      const result = Object.entries(model.outputs).map(([name, { dtype }]) => [
        name,
        elements(fetched[name], name, dtype),
      ]);
      return Object.fromEntries(result) as OutputsOf<Outputs>;
    },
    endProfiling: () => session?.endProfiling(),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
