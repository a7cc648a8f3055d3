import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMeasured } from '../raster/measured-process.js';
import { type SmallPair, writeSmallPairs } from './small-pairs.js';

const cli = fileURLToPath(new URL('../bin/tiepoint.js', import.meta.resolve('tiepoint')));

/** How many pairs a minute one tool registers with so many processes. */
interface BatchRow {
  readonly processes: number;
  readonly tool: 'tiepoint' | 'shell';
  readonly pairs: number;
  readonly pairsPerMinute: number;
  /** The most memory that one process held. */
  readonly peakMB: number;
}

/** A loop over `tiepoint register`, as a user would write it without `batch`. */
async function runShell(folder: string, pairs: readonly SmallPair[], processes: number): Promise<BatchRow> {
  const list = join(folder, 'list.txt');
  await writeFile(list, pairs.map(({ reference, sensed }, i) => `${reference} ${sensed} ${i}\n`).join(''));
  const out = join(folder, `shell-${processes}-`);
  const each = `"${process.execPath}" "${cli}" register "$0" "$1" "${out}$2.tif" --solution "${out}$2.json" --quiet || test $? = 5`;
  const loop = `xargs -P ${processes} -L 1 sh -c '${each}' < "${list}"`;
  const { seconds } = await runMeasured('sh', ['-c', loop]);
  // The loop's own process is not what holds the memory: one pair is measured by itself.
  const { reference, sensed } = pairs[0]!;
  const { peakMB } = await runMeasured(process.execPath, [cli, 'register', reference, sensed, '--quiet']);
  return { processes, tool: 'shell', pairs: pairs.length, pairsPerMinute: (60 * pairs.length) / seconds, peakMB };
}

async function runBatch(folder: string, manifest: string, pairs: number, processes: number): Promise<BatchRow> {
  const out = join(folder, `batch-${processes}`);
  const args = [cli, 'batch', manifest, '--output-folder', out, '--jobs', String(processes), '--json', '--quiet'];
  const { seconds, stdout } = await runMeasured(process.execPath, [...args, '--no-thumbnails']);
  const end = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as {
    readonly accepted: number;
    readonly peakMB: number;
  };
  if (end.accepted !== pairs) throw new Error(`${end.accepted} of ${pairs} pairs were accepted`);
  return { processes, tool: 'tiepoint', pairs, pairsPerMinute: (60 * pairs) / seconds, peakMB: end.peakMB };
}

/**
 * Small pairs by `tiepoint batch` and by a shell loop over `tiepoint register`, with one process and with two, in turn.
 *
 * @param options - `limit`: pairs; 200 unless named
 */
export async function runBatchBench({ limit = 200 }: { readonly limit?: number | undefined }): Promise<BatchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tiepoint-bench-batch-'));
  const rows: BatchRow[] = [];
  try {
    const { manifest, pairs } = await writeSmallPairs(folder, limit);
    for (const processes of [1, 2]) {
      for (const run of [
        () => runBatch(folder, manifest, pairs.length, processes),
        () => runShell(folder, pairs, processes),
      ]) {
        const row = await run();
        rows.push(row);
        process.stderr.write(`${row.tool}, ${processes}: ${row.pairsPerMinute.toFixed(1)} pairs a minute\n`);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return rows;
}
