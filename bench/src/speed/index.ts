import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '@tiepoint/geometry';
import { cliPath } from '../cli-path.js';
import { type Measured, runMeasured } from '../raster/measured-process.js';
import { type FilePair, type SpeedPair, writeSpeedPairs } from './speed-pairs.js';
import { buildStoredCommit } from './stored-build.js';

/** Medians of one tool at one work. */
export interface SpeedRow {
  readonly work: SpeedPair | 'warm-512' | 'help';
  /** `before` is the stored build; see {@link buildStoredCommit}. */
  readonly tool: 'tiepoint' | 'before';
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMB: number;
  /** Medians of the ratios to `before`, run by run. */
  readonly ratio?: { readonly seconds: number; readonly cpuSeconds: number; readonly peakMB: number };
}

const works = ['help', 'pair-512', 'turned-512', 'bent-600', 'unrelated-512', 'warm-512', 'scene-10980'] as const;
type Work = (typeof works)[number];
const warmScript = fileURLToPath(new URL('./register-again.js', import.meta.url));

/** The pair a work is done on, if any. */
const pairOf = (work: Work): SpeedPair | null => (work === 'help' ? null : work === 'warm-512' ? 'pair-512' : work);

async function runWork(cli: string, work: Work, pair: FilePair | undefined, out: string): Promise<Measured> {
  if (work === 'help') return await runMeasured(process.execPath, [cli, '--help']);
  const { reference, sensed } = pair!;
  if (work === 'warm-512') {
    // The library registers the pair once unmeasured; what the second time takes is on standard output.
    const run = await runMeasured(process.execPath, [warmScript, cli, reference, sensed]);
    const { seconds, cpuSeconds } = JSON.parse(run.stdout) as Measured;
    return { ...run, seconds, cpuSeconds };
  }
  const args = [cli, 'register', reference, sensed, out, '--overwrite', '--quiet'];
  return await runMeasured(process.execPath, args, [0, 4, 5]);
}

const medianOf = (runs: readonly Measured[]): Omit<Measured, 'stdout'> => ({
  seconds: median(runs.map(({ seconds }) => seconds)),
  cpuSeconds: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
  peakMB: median(runs.map(({ peakMB }) => peakMB)),
});

/**
 * Whole commands, ours against the stored build, in turn: machines are shared, and only ratios of runs side by side mean
 * anything.
 *
 * @param options - `data`: folder of the aligned pairs; `limit`: rounds, 5 unless named; `kinds`: works, all unless named
 */
export async function runSpeedBench(options: {
  readonly data?: string | undefined;
  readonly limit?: number | undefined;
  readonly kinds?: readonly string[] | undefined;
}): Promise<SpeedRow[]> {
  const chosen = works.filter((work) => options.kinds === undefined || options.kinds.includes(work));
  const before = buildStoredCommit();
  const folder = await mkdtemp(join(tmpdir(), 'tiepoint-speed-'));
  const rows: SpeedRow[] = [];
  try {
    const kinds = new Set(chosen.flatMap((work) => pairOf(work) ?? []));
    const pairs = await writeSpeedPairs(options.data ?? '../shared/data', folder, [...kinds]);
    for (const work of chosen) {
      const pair = pairs[pairOf(work) ?? 'pair-512'];
      const runs: Record<SpeedRow['tool'], Measured[]> = { tiepoint: [], before: [] };
      for (let round = 0; round < (options.limit ?? 5); round++) {
        runs.tiepoint.push(await runWork(cliPath, work, pair, join(folder, 'registered.tif')));
        runs.before.push(await runWork(before, work, pair, join(folder, 'registered.tif')));
      }
      const ratios = runs.tiepoint.map((run, i) => ({
        seconds: run.seconds / runs.before[i]!.seconds,
        cpuSeconds: run.cpuSeconds / runs.before[i]!.cpuSeconds,
        peakMB: run.peakMB / runs.before[i]!.peakMB,
        stdout: '',
      }));
      rows.push({ work, tool: 'tiepoint', ...medianOf(runs.tiepoint), ratio: medianOf(ratios) });
      rows.push({ work, tool: 'before', ...medianOf(runs.before) });
      const { ratio, seconds, cpuSeconds } = rows.at(-2)!;
      process.stderr.write(
        `${work}: ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of processors; ` +
          `${ratio!.seconds.toFixed(2)}, ${ratio!.cpuSeconds.toFixed(2)} of the stored build's, memory ${ratio!.peakMB.toFixed(2)}\n`,
      );
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return rows;
}
