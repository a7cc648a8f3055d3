import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jsonLines, loadCheckpoint, saveCheckpoint, workerBatches, writeAtomically } from 'onnx-grad/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Tensor,
  type Trainer,
  type TrainingRecord,
  adamW,
  constantSchedule,
  createRandom,
  createTrainer,
  decodeCheckpoint,
  dense,
  denseParameters,
  input,
  meanSquaredError,
  oneCycleSchedule,
  tanh,
  train,
} from './index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onnx-grad-'));
  await writeFile(
    join(folder, 'source.mjs'),
    `export default ({ size, bad }) => ({
      async batch(index, random) {
        if (index === bad) throw new Error('no such picture');
        const x = Float32Array.from({ length: size * 3 }, () => random.normal());
        const y = Float32Array.from({ length: size }, (_, i) => Math.tanh(x[i * 3] - 2 * x[i * 3 + 1]));
        if (index === bad + 0.5) y[0] = NaN;
        // The first batches take longest, so that workers would finish out of order.
        await new Promise((done) => setTimeout(done, index < 4 ? 20 - 5 * index : 0));
        return { x, y };
      },
    });`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

const size = 8;
const parameters = () => denseParameters(createRandom(1), 3, 1);
type Batch = { x: Tensor; y: Tensor };
type Program = Trainer<ReturnType<typeof parameters>, Batch>;
const start = (accumulate = 1): Promise<Program> =>
  createTrainer({
    parameters: parameters(),
    batch: { x: input('x', [size, 3]), y: input('y', [size, 1]) },
    loss: (p, b: Batch) => meanSquaredError(tanh(dense(p, b.x)), b.y),
    optimizer: adamW(),
    average: 0.9,
    accumulate,
  });
const batches =
  (workers: number, bad = -1) =>
  (first: number) =>
    workerBatches<{ x: Float32Array; y: Float32Array }>({
      module: pathToFileURL(join(folder, 'source.mjs')),
      options: { size, bad },
      seed: 5,
      workers,
      first,
    });

describe('training', () => {
  it('resumes from a file with the very same losses, whatever the number of workers', async () => {
    const schedule = oneCycleSchedule(0.05, 20);
    const whole: number[] = [];
    await using uninterrupted = await start(2);
    await train({
      trainer: uninterrupted,
      steps: 20,
      schedule,
      batches: batches(2),
      onRecord: (r) => void whole.push(r.loss),
    });

    const path = join(folder, 'resume.safetensors');
    const log = join(folder, 'metrics.jsonl');
    const stop = new AbortController();
    await using first = await start(2);
    const aborted = train({
      trainer: first,
      steps: 20,
      schedule,
      batches: batches(1),
      seed: 5,
      configuration: { size },
      checkpoints: { every: 1000, save: (checkpoint) => saveCheckpoint(path, checkpoint) },
      onRecord: async (record) => {
        await jsonLines(log)(record);
        if (record.step === 7) stop.abort(new Error('enough'));
      },
      signal: stop.signal,
    });
    await expect(aborted).rejects.toThrow('enough');

    const checkpoint = (await loadCheckpoint(path))!;
    expect(checkpoint).toMatchObject({ seed: 5, configuration: { size }, state: { step: 7 } });
    await using second = await start(2);
    second.restore(checkpoint.state);
    const progress: number[] = [];
    const last = await train({
      trainer: second,
      steps: 20,
      schedule,
      batches: batches(3),
      onRecord: jsonLines(log),
      onProgress: ({ step, secondsLeft }) => {
        expect(secondsLeft).toBeGreaterThanOrEqual(0);
        progress.push(step);
      },
    });
    const lines = (await readFile(log, 'utf8')).trim().split('\n');
    const records = lines.map((line) => JSON.parse(line) as TrainingRecord);
    expect(records.map((record) => record.loss)).toEqual(whole);
    expect(records.map((record) => record.step)).toEqual(whole.map((_, i) => i + 1));
    expect(last!.step).toBe(20);
    expect(progress.at(-1)).toBe(20);
    expect(second.parameters()).toEqual(uninterrupted.parameters());
    expect(whole.at(-1)!).toBeLessThan(whole[0]! / 2);
  });

  it('stops at a loss that is not finite and names the last good checkpoint', async () => {
    const path = join(folder, 'good.safetensors');
    await using trainer = await start();
    async function* spoiled() {
      for (let i = 0; ; i++) {
        const x = new Float32Array(size * 3).fill(i === 5 ? Number.NaN : 0.5);
        yield { x, y: new Float32Array(size) };
      }
    }
    const run = train({
      trainer,
      steps: 10,
      schedule: constantSchedule(0.01),
      batches: spoiled,
      checkpoints: { every: 2, save: (checkpoint) => saveCheckpoint(path, checkpoint) },
    });
    await expect(run).rejects.toThrow(`step 6: the loss is NaN; the last good checkpoint is ${path} (step 4)`);
    expect((await loadCheckpoint(path))!.state.step).toBe(4);
  });

  it('says which batch a source failed at', async () => {
    await using trainer = await start();
    const run = train({ trainer, steps: 10, schedule: constantSchedule(0.01), batches: batches(2, 3) });
    await expect(run).rejects.toMatchObject({ code: 'batch-failed', message: 'batch 3: no such picture' });
    expect(trainer.stepsTaken).toBe(3);
  });
});

describe('checkpoint files', () => {
  it('are written whole or not at all', async () => {
    await expect(writeAtomically(join(folder, 'none', 'x'), new Uint8Array(3))).rejects.toMatchObject({
      code: 'unwritable',
    });
    await writeAtomically(join(folder, 'x'), new Uint8Array(3));
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
    expect(await loadCheckpoint(join(folder, 'missing'))).toBeUndefined();
  });

  it('cut off or of another kind are refused', async () => {
    await using trainer = await start();
    const path = join(folder, 'cut.safetensors');
    await saveCheckpoint(path, { state: trainer.state(), seed: 1, configuration: null });
    const bytes = await readFile(path);
    for (const length of [0, 7, 20, bytes.length - 1]) {
      expect(() => decodeCheckpoint(bytes.subarray(0, length))).toThrow('not a safetensors file');
    }
    expect(decodeCheckpoint(bytes).state).toEqual(trainer.state());
  });
});
