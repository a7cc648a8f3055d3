import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a run of the built command line left behind. */
export interface CliRun {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The file npm links as `tiepoint`. */
export const cliPath: string = fileURLToPath(new URL('../../../bin/tiepoint.js', import.meta.url));

/** Runs the built command line for a test. `interruptAfter` sends SIGINT after that many ms. */
export function spawnCli(
  args: readonly string[],
  options: { readonly input?: string; readonly cwd?: string; readonly interruptAfter?: number } = {},
): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cliPath, ...args], { cwd: options.cwd, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
    if (options.interruptAfter !== undefined) setTimeout(() => child.kill('SIGINT'), options.interruptAfter);
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}
