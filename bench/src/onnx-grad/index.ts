import { median } from '@tiepoint/geometry';
import { setTimeout } from 'node:timers/promises';
import {
  type TensorData,
  type Trainer,
  buildModel,
  createRandom,
  createSession,
  createTrainer,
  input,
  matmul,
  sizeOf,
} from 'onnx-grad';
import type { Model, NamedTensors, ParameterTree } from 'onnx-grad';
import { type BenchCase, benchCases } from './networks.js';
import { startPyTorch } from './rival.js';

/** How fast one engine did one thing. */
export interface Row {
  readonly case: BenchCase['name'] | 'matmul';
  readonly phase: 'forward' | 'train';
  readonly engine: 'onnx-grad' | 'pytorch';
  /** Examples in a second, the median over the rounds. */
  readonly perSecond: number;
  /** Slowest and fastest round. */
  readonly range: readonly [number, number];
  /** Arithmetic operations in a second, in units of 10⁹; a training step counts as three times the way forward. */
  readonly gflops: number;
  /** `gflops` over that of a 1024³ product in the same engine and run. */
  readonly shareOfMatmul: number;
  /** Against PyTorch in the same rounds: the median of their ratios. */
  readonly ratio?: number;
  /** Against PyTorch, each by its fastest round: less disturbed by what else the machine does. */
  readonly bestRatio?: number;
  readonly threads: number;
  readonly engineVersion: string;
}

/** What the command line hands over. */
export interface OnnxGradBenchOptions {
  readonly data?: string | undefined;
  /** Rounds in which the engines take turns; 9 unless named. */
  readonly limit?: number | undefined;
  /** Nothing but the result on stdout. */
  readonly json: boolean;
}

const threadCount = 2;
/** Before each turn, ms: until then the other engine's threads still spin, waiting for work, and take the time of ours. */
const pauseMs = 150;

type Run = (steps: number) => Promise<number>;

function noise(model: { readonly inputs: Model['inputs'] }): Record<string, TensorData> {
  const random = createRandom(2);
  const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.uniform());
  return Object.fromEntries(Object.entries(model.inputs).map(([name, { shape }]) => [name, draw(sizeOf(shape))]));
}

async function timed(step: () => Promise<unknown>, steps: number): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < steps; i++) await step();
  return (performance.now() - begun) / 1000;
}

/** How many steps take about 0.3 s, so that rounds are short enough to share what else the machine does. */
async function stepsFor(run: Run): Promise<number> {
  await run(2);
  return Math.max(1, Math.round(0.3 / (await run(1))));
}

interface Measured {
  /** Examples in a second, by round. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

async function takeTurns(rounds: number, batch: number, ours: Run, theirs: Run | undefined): Promise<Measured> {
  const steps = await stepsFor(ours);
  const theirSteps = theirs ? await stepsFor(theirs) : 0;
  const rates: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    await setTimeout(pauseMs);
    rates.ours.push((batch * steps) / (await ours(steps)));
    await setTimeout(pauseMs);
    if (theirs) rates.theirs.push((batch * theirSteps) / (await theirs(theirSteps)));
  }
  return rates;
}

async function matmulRate(rounds: number): Promise<number> {
  const model = buildModel({ outputs: { y: matmul(input('a', [1024, 1024]), input('b', [1024, 1024])) } });
  await using session = await createSession(model, { threads: threadCount });
  const feeds = noise(model);
  const into = { y: new Float32Array(1024 * 1024) };
  const { ours } = await takeTurns(rounds, 1, (steps) => timed(() => session.run(feeds, into), steps), undefined);
  return Math.max(...ours) * 2 * 1024 ** 3;
}

/** Forward and training steps of three networks in onnx-grad and, where it is installed, PyTorch, in turns on two threads each. */
export async function runOnnxGradBench(options: OnnxGradBenchOptions): Promise<Row[]> {
  const rounds = options.limit ?? 9;
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  await using rival = await startPyTorch(threadCount);
  if (!rival) say('PyTorch is not installed (apt-get install python3-torch): only onnx-grad is measured');
  else if (!rival.fast) say(`PyTorch runs on ${rival.version}: apt-get install libopenblas0-pthread for a fair race`);
  const rows: Row[] = [];
  const peak = await matmulRate(rounds);
  say(`matmul 1024³: ${(peak / 1e9).toFixed(0)} GFLOP/s on ${threadCount} threads`);
  const measure = async (bench: BenchCase, phase: Row['phase'], run: Run): Promise<void> => {
    const theirs: Run | undefined = rival && ((steps) => rival.time(bench.name, phase, steps));
    const rates = await takeTurns(rounds, bench.batch, run, theirs);
    const flops = bench.forwardFlops * (phase === 'train' ? 3 : 1);
    for (const engine of ['onnx-grad', 'pytorch'] as const) {
      const all = engine === 'pytorch' ? rates.theirs : rates.ours;
      if (all.length === 0) continue;
      const perSecond = median(all);
      const bestRatio = Math.max(...rates.ours) / Math.max(...rates.theirs);
      const ratio = median(rates.theirs.map((rate, i) => rates.ours[i]! / rate));
      rows.push({
        case: bench.name,
        phase,
        engine,
        perSecond,
        range: [Math.min(...all), Math.max(...all)],
        gflops: (perSecond * flops) / 1e9,
        shareOfMatmul: (perSecond * flops) / peak,
        ...(engine === 'onnx-grad' && rival ? { ratio, bestRatio } : {}),
        threads: threadCount,
        engineVersion: engine === 'pytorch' ? rival!.version : 'workspace',
      });
      const versus =
        engine === 'onnx-grad' && rival
          ? `, ${ratio.toFixed(2)} × PyTorch (${bestRatio.toFixed(2)} by the fastest rounds)`
          : '';
      say(`${bench.name} ${phase} ${engine}: ${perSecond.toFixed(1)} /s${versus}`);
    }
  };
  for (const make of Object.values(benchCases)) {
    const bench = make();
    const forward = buildModel({ outputs: { y: bench.forward } });
    const feeds = noise(forward);
    const into = { y: new Float32Array(sizeOf(bench.forward.shape)) };
    await using session = await createSession(forward, { threads: threadCount });
    await measure(bench, 'forward', (steps) => timed(() => session.run(feeds, into), steps));
    await using trainer: Trainer<ParameterTree, NamedTensors> = await createTrainer(bench.program, {
      threads: threadCount,
    });
    const batch = noise({ inputs: bench.program.batch }) as never;
    await measure(bench, 'train', (steps) => timed(() => trainer.step(batch, 1e-5), steps));
  }
  return rows;
}
