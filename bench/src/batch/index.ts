import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliPath } from '../cli-path.js';
import { runMeasured } from '../raster/measured-process.js';
import { type SmallPair, writeManifest, writeSmallPairs } from './small-pairs.js';

/** How many pairs a minute one tool registers with so many processes. */
interface BatchRow {
  readonly processes: number;
  readonly tool: 'tiepoint' | 'shell';
  readonly pairs: number;
  readonly pairsPerMinute: number;
  /** Of processors for a pair, all processes together: what a busy machine does not change as much. */
  readonly cpuSecondsPerPair: number;
  /** The most memory that one process held. */
  readonly peakMB: number;
}

/** What a tool took for one part of the pairs. */
interface PartRun {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMB: number;
}

/** Runs a command of the shell and counts the processor time of all processes that it leads to. */
async function runCounted(command: string): Promise<{ seconds: number; cpuSeconds: number; lines: readonly string[] }> {
  const { seconds, stdout } = await runMeasured('sh', ['-c', `${command}; times`]);
  // The last line is of the shell's children: user and system time.
  const lines = stdout.trimEnd().split('\n');
  const cpuSeconds = [...lines.at(-1)!.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest),
    0,
  );
  return { seconds, cpuSeconds, lines: lines.slice(0, -2) };
}

/** A loop over `tiepoint register`, as a user would write it without `batch`. */
async function runShell(folder: string, pairs: readonly SmallPair[], processes: number): Promise<PartRun> {
  const list = join(folder, 'list.txt');
  await writeFile(list, pairs.map(({ reference, sensed }, i) => `${reference} ${sensed} ${i}\n`).join(''));
  const out = join(folder, `shell-${processes}-`);
  const each = `"${process.execPath}" "${cliPath}" register "$0" "$1" "${out}$2.tif" --solution "${out}$2.json" --quiet --overwrite || test $? = 5`;
  const loop = `xargs -P ${processes} -L 1 sh -c '${each}' < "${list}"`;
  const { seconds, cpuSeconds } = await runCounted(loop);
  return { seconds, cpuSeconds, peakMB: 0 };
}

async function runBatch(folder: string, pairs: readonly SmallPair[], processes: number): Promise<PartRun> {
  const manifest = await writeManifest(folder, pairs);
  const out = join(folder, `batch-${processes}`);
  const options = `--output-folder "${out}" --jobs ${processes} --json --quiet --no-thumbnails`;
  const { seconds, cpuSeconds, lines } = await runCounted(
    `"${process.execPath}" "${cliPath}" batch "${manifest}" ${options}`,
  );
  const end = JSON.parse(lines.at(-1)!) as {
    readonly accepted: number;
    readonly peakMB: number;
  };
  if (end.accepted !== pairs.length) throw new Error(`${end.accepted} of ${pairs.length} pairs were accepted`);
  return { seconds, cpuSeconds, peakMB: end.peakMB };
}

const tools = { tiepoint: runBatch, shell: runShell } as const;

/**
 * The pairs are done in so many parts at most, and of so many pairs at least, each by every tool and number of processes before the
 * next: what else the machine does meets all alike.
 */
const parts = { most: 4, pairs: 20 };

/**
 * Small pairs by `tiepoint batch` and by a shell loop over `tiepoint register`, with one process and with two, in turn.
 *
 * @param options - `limit`: pairs; 200 unless named
 */
export async function runBatchBench({ limit = 200 }: { readonly limit?: number | undefined }): Promise<BatchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tiepoint-bench-batch-'));
  try {
    const pairs = await writeSmallPairs(folder, limit);
    const each = Math.max(parts.pairs, Math.ceil(pairs.length / parts.most));
    const kinds = ([1, 2] as const).flatMap((processes) =>
      (['tiepoint', 'shell'] as const).map((tool) => ({ processes, tool, seconds: 0, cpuSeconds: 0, peakMB: 0 })),
    );
    for (let from = 0; from < pairs.length; from += each) {
      const part = pairs.slice(from, from + each);
      for (const kind of kinds) {
        const { seconds, cpuSeconds, peakMB } = await tools[kind.tool](folder, part, kind.processes);
        kind.seconds += seconds;
        kind.cpuSeconds += cpuSeconds;
        kind.peakMB = Math.max(kind.peakMB, peakMB);
        process.stderr.write(
          `${kind.tool}, ${kind.processes}: ${part.length} pairs in ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of processors\n`,
        );
      }
    }
    // The loop's own process is not what holds the memory: one pair is measured by itself.
    const { reference, sensed } = pairs[0]!;
    const { peakMB } = await runMeasured(process.execPath, [cliPath, 'register', reference, sensed, '--quiet']);
    return kinds.map(({ processes, tool, seconds, cpuSeconds, peakMB: own }) => ({
      processes,
      tool,
      pairs: pairs.length,
      pairsPerMinute: (60 * pairs.length) / seconds,
      cpuSecondsPerPair: cpuSeconds / pairs.length,
      peakMB: tool === 'shell' ? peakMB : own,
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}
