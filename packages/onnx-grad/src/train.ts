import type { Checkpoint } from './checkpoint.js';
import { OnnxGradError } from './error.js';
import type { NamedTensors } from './model.js';
import type { ParameterTree } from './parameters.js';
import type { Schedule } from './schedules.js';
import type { BatchData, StepReport, Trainer } from './trainer.js';

/** What is said of a step: a line of a metrics file. */
export interface TrainingRecord {
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Since this run (not the one it resumes) began. */
  readonly seconds: number;
}

/** How far training is. */
export interface TrainingProgress {
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
}

/** A run of training. */
export interface TrainOptions<P extends ParameterTree, B extends NamedTensors> {
  /** Where it stands says how many steps are left. */
  readonly trainer: Trainer<P, B>;
  /** Steps in all, those before resuming included. */
  readonly steps: number;
  readonly schedule: Schedule;
  /** The batches from number `first` on; step `s` uses the `accumulate` batches from `s · accumulate`. */
  readonly batches: (first: number) => AsyncIterable<BatchData<B>>;
  /** Stored in checkpoints. */
  readonly seed?: number | undefined;
  /** Stored in checkpoints. */
  readonly configuration?: unknown | undefined;
  readonly checkpoints?: {
    /** Steps between two; one is also made at the end and when aborted. */
    readonly every: number;
    /** Stores one and says where, for messages. */
    readonly save: (checkpoint: Checkpoint) => Promise<string>;
  };
  /** Called after every step. */
  readonly onRecord?: ((record: TrainingRecord) => void | Promise<void>) | undefined;
  /** Called at most twice a second. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Ends the run after the step under way; it is stored before `train` rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The next `count` batches together, or `undefined` where they end. */
async function take<T>(from: AsyncIterator<T>, count: number): Promise<T[] | undefined> {
  const batches: T[] = [];
  while (batches.length < count) {
    const next = await from.next();
    if (next.done) return undefined;
    batches.push(next.value);
  }
  return batches;
}

/**
 * Trains until all steps are taken or the batches end.
 *
 * Resumed from a checkpoint (`trainer.restore(checkpoint.state)`) it goes on with the very same losses as an uninterrupted run.
 *
 * @returns the last step's report; `undefined` where no step was left
 * @throws OnnxGradError `not-finite`, naming the step and the last good checkpoint
 */
export async function train<P extends ParameterTree, B extends NamedTensors>(
  options: TrainOptions<P, B>,
): Promise<StepReport | undefined> {
  const { trainer, steps, schedule, checkpoints, signal } = options;
  signal?.throwIfAborted();
  const begun = performance.now();
  const first = trainer.stepsTaken;
  if (first >= steps) return undefined;
  let shown = Number.NEGATIVE_INFINITY;
  let stored: { readonly step: number; readonly place: string } | undefined;
  let report: StepReport | undefined;
  const store = async (): Promise<void> => {
    if (!checkpoints || stored?.step === trainer.stepsTaken) return;
    const state = trainer.state();
    const place = await checkpoints.save({ state, seed: options.seed ?? 0, configuration: options.configuration });
    stored = { step: state.step, place };
  };
  const batches = options.batches(first * trainer.accumulate)[Symbol.asyncIterator]();
  try {
    while (trainer.stepsTaken < steps) {
      const batch = await take(batches, trainer.accumulate);
      if (batch === undefined) break;
      const learningRate = schedule(trainer.stepsTaken);
      report = await trainer.step(batch, learningRate).catch((cause: unknown) => {
        throw withCheckpoint(cause, stored);
      });
      const now = performance.now();
      const { step, loss, gradientNorm, metrics } = report;
      const seconds = (now - begun) / 1000;
      await options.onRecord?.({ step, loss, gradientNorm, learningRate, metrics, seconds });
      if (options.onProgress && (now - shown > 500 || step === steps)) {
        shown = now;
        const stepsPerSecond = (step - first) / seconds;
        options.onProgress({ step, steps, loss, stepsPerSecond, secondsLeft: (steps - step) / stepsPerSecond });
      }
      if (checkpoints && step % checkpoints.every === 0) await store();
      if (signal?.aborted) {
        await store();
        signal.throwIfAborted();
      }
    }
    await store();
    return report;
  } finally {
    await batches.return?.();
  }
}

function withCheckpoint(
  cause: unknown,
  stored: { readonly step: number; readonly place: string } | undefined,
): unknown {
  if (!(cause instanceof OnnxGradError) || cause.code !== 'not-finite') return cause;
  const last = stored
    ? `the last good checkpoint is ${stored.place} (step ${stored.step})`
    : 'there is no checkpoint of this run';
  const hint = cause.hint === undefined ? {} : { hint: cause.hint };
  return new OnnxGradError('not-finite', `${cause.message}; ${last}`, { ...hint, value: cause.value, cause });
}
