import { type TensorData, createRandom, createTrainer, sizeOf } from 'onnx-grad';
import { dlsm } from './networks.js';

/** Resident memory over a run of training. */
export interface LeakRow {
  readonly case: string;
  readonly steps: number;
  /** After the first tenth of the steps, in 10⁶ bytes; the mean of ten readings, as all here. */
  readonly earlyMB: number;
  readonly lateMB: number;
  /** Late over early, minus one. */
  readonly growth: number;
}

/**
 * Trains for many steps and says by how much resident memory grew (flat is within 0.05).
 *
 * @param steps - 2,000 for the full check
 */
export async function runOnnxGradLeakBench(steps = 2000): Promise<LeakRow> {
  // A small batch, so that many steps take little time; what a step leaves behind does not depend on it.
  const bench = dlsm(8);
  const random = createRandom(3);
  await using trainer = await createTrainer(bench.program, { threads: 2 });
  const readings: number[] = [];
  for (let step = 0; step < steps; step++) {
    const batch: Record<string, TensorData> = {};
    // New arrays every step, as a data loader would make them.
    for (const [name, { shape }] of Object.entries(bench.program.batch)) {
      batch[name] = new Float32Array(sizeOf(shape)).fill(random.uniform());
    }
    await trainer.step(batch as never, 1e-5);
    readings.push(process.memoryUsage.rss() / 1e6);
  }
  const mean = (from: number): number => readings.slice(from, from + 10).reduce((sum, mb) => sum + mb, 0) / 10;
  const [earlyMB, lateMB] = [mean(Math.floor(steps / 10)), mean(steps - 10)];
  return { case: bench.name, steps, earlyMB, lateMB, growth: lateMB / earlyMB - 1 };
}
