import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** What a program took. */
export interface Measured {
  /** From its start to its end. */
  readonly seconds: number;
  /** The greatest resident memory, as the kernel counts it. */
  readonly peakMB: number;
  readonly stdout: string;
}

/** Runs a program and watches its memory (Linux: VmHWM). @throws Where it fails. */
export async function runMeasured(program: string, args: readonly string[]): Promise<Measured> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  let peakKB = 0;
  const watch = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, 'utf8').then(
      (status) => (peakKB = Math.max(peakKB, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))),
      () => {},
    );
  }, 20);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => clearInterval(watch));
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${code}\n${stderr}`);
  return { seconds: (performance.now() - started) / 1000, peakMB: peakKB / 1024, stdout };
}
