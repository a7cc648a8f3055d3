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

/** Runs the built command line for a test. `interruptWhen` is asked every 20 ms whether to send SIGINT. */
export function spawnCli(
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly interruptWhen?: () => boolean;
    /** Told of each piece of standard output as it comes. */
    readonly onOutput?: (text: string) => void;
  } = {},
): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cliPath, ...args], { cwd: options.cwd, env: options.env, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      options.onOutput?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
    const { interruptWhen } = options;
    const timer =
      interruptWhen === undefined
        ? undefined
        : setInterval(() => {
            if (!interruptWhen()) return;
            clearInterval(timer);
            child.kill('SIGINT');
          }, 20);
    child.on('close', () => clearInterval(timer));
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}
