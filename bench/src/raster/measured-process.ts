import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** What a program took. */
export interface Measured {
  /** From its start to its end. */
  readonly seconds: number;
  /** Of processors, all threads together, to 0.02 s (Linux). */
  readonly cpuSeconds: number;
  /** The greatest resident memory, as the kernel counts it. */
  readonly peakMB: number;
  readonly stdout: string;
}

/**
 * Runs a program and watches its memory (Linux: VmHWM) and processor time.
 *
 * @param statuses - how it may end
 * @throws Where it ends otherwise.
 */
export async function runMeasured(
  program: string,
  args: readonly string[],
  statuses: readonly number[] = [0],
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  let [peakKB, ticks] = [0, 0];
  const watch = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, 'utf8').then(
      (status) => (peakKB = Math.max(peakKB, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))),
      () => {},
    );
    readFile(`/proc/${child.pid}/stat`, 'utf8').then(
      // After the name in brackets: utime and stime are the 14th and 15th of proc(5), in hundredths of a second.
      (stat) => {
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        ticks = Math.max(ticks, Number(fields[11]) + Number(fields[12]));
      },
      () => {},
    );
  }, 20);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => clearInterval(watch));
  if (!statuses.includes(code ?? -1)) throw new Error(`${program} ${args.join(' ')}: exit ${code}\n${stderr}`);
  return { seconds: (performance.now() - started) / 1000, cpuSeconds: ticks / 100, peakMB: peakKB / 1024, stdout };
}
