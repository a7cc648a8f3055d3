import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TensorData } from './dtype.js';
import { OnnxGradError } from './error.js';
import { type Model, type NamedTensors, buildModel } from './model.js';
import type { ParameterTree } from './parameters.js';
import { type SessionOptions, createSession } from './session.js';
import { type BatchData, initialState } from './trainer.js';
import { type TrainingProgram, stepGraph } from './training-graph.js';

/** How long one node of a graph took, on average over the runs. */
export interface ProfiledNode {
  /** The operator that ran, after ONNX Runtime's optimisation: what was fused has another name. */
  readonly operator: string;
  readonly name: string;
  readonly milliseconds: number;
  readonly inputShapes: readonly (readonly number[])[];
}

/** Where the time of a graph goes. */
export interface Profile {
  /** Longest first. */
  readonly nodes: readonly ProfiledNode[];
  /** Milliseconds by operator, longest first. */
  readonly operators: ReadonlyMap<string, number>;
}

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args: { readonly op_name?: string; readonly input_type_shape?: readonly Record<string, number[]>[] };
}

const nameSuffix = '_kernel_time';

/** Runs that come before those that count: in them memory is asked of the system, which takes longer than many an operation. */
const warmUp = 3;

function summarise(events: readonly ProfileEvent[], runs: number): Profile {
  const nodes = new Map<string, { operator: string; milliseconds: number; inputShapes: number[][] }>();
  const seen = new Map<string, number>();
  const operators = new Map<string, number>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith(nameSuffix) || args.op_name === undefined) continue;
    const milliseconds = dur / 1000 / runs;
    const key = name.slice(0, -nameSuffix.length);
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (seen.get(key)! <= warmUp) continue;
    const inputShapes = (args.input_type_shape ?? []).flatMap((entry) => Object.values(entry));
    const node = nodes.get(key) ?? { operator: args.op_name, milliseconds: 0, inputShapes };
    node.milliseconds += milliseconds;
    nodes.set(key, node);
    operators.set(args.op_name, (operators.get(args.op_name) ?? 0) + milliseconds);
  }
  return {
    nodes: [...nodes].map(([name, node]) => ({ name, ...node })).toSorted((a, b) => b.milliseconds - a.milliseconds),
    operators: new Map([...operators].toSorted((a, b) => b[1] - a[1])),
  };
}

/** Runs a model a few times and says which operations took how long, by ONNX Runtime's own profiler (backend `node`). */
export async function profileModel(
  model: Model,
  feeds: Readonly<Record<string, TensorData>>,
  options: Omit<SessionOptions, 'backend' | 'profilePrefix'> & { readonly runs?: number } = {},
): Promise<Profile> {
  const { runs = 5, ...rest } = options;
  const folder = await mkdtemp(join(tmpdir(), 'onnx-grad-profile-'));
  try {
    await using session = await createSession(model, { ...rest, backend: 'node', profilePrefix: join(folder, 'run') });
    for (let i = 0; i < warmUp + runs; i++) await session.run(feeds);
    session.endProfiling();
    const [file] = await readdir(folder);
    if (file === undefined) throw new OnnxGradError('run-failed', 'ONNX Runtime wrote no profile');
    return summarise(JSON.parse(await readFile(join(folder, file), 'utf8')) as ProfileEvent[], runs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** {@link profileModel} for the training step of a program on one batch, from its first state. */
export function profileTraining<P extends ParameterTree, B extends NamedTensors>(
  program: TrainingProgram<P, B>,
  batch: BatchData<B>,
  options: Omit<SessionOptions, 'backend' | 'profilePrefix'> & { readonly runs?: number } = {},
): Promise<Profile> {
  const scalars = { learningRate: Float32Array.of(1e-3), step: Float32Array.of(1) };
  const feeds = { ...Object.fromEntries(initialState(program)), ...batch, ...scalars };
  const model = buildModel(stepGraph(program));
  const used = Object.fromEntries(Object.keys(model.inputs).map((name) => [name, feeds[name as keyof typeof feeds]]));
  return profileModel(model, used as Record<string, TensorData>, { optimization: 'extended', ...options });
}
