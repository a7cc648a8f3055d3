import type { CliSession } from 'tiepoint/cli';
import { exitCodeOf } from 'tiepoint/cli';
import { TiepointError } from '@tiepoint/geometry';

/** What a batch in this process left behind. */
export interface BatchHere {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `tiepoint batch` with its coordinator in this process, which has loaded everything already: for tests of what it does, not
 * of how it ends. Pairs run in processes of their own all the same.
 */
export async function batchHere(args: readonly string[], input = ''): Promise<BatchHere> {
  // The built one: its child processes are beside it.
  const { batchCommand } = await import('@tiepoint/batch/commands');
  let [stdout, stderr] = ['', ''];
  const session: CliSession = {
    out: async (text) => void (stdout += text),
    err: (line) => void (stderr += `${line}\n`),
    input: (async function* given() {
      yield input;
    })(),
    progress: () => {},
    signal: new AbortController().signal,
    onInterrupt: () => {},
    exitCode: 0,
  };
  try {
    await batchCommand(session).exitOverride().parseAsync(args, { from: 'user' });
    return { status: session.exitCode, stdout, stderr };
  } catch (error) {
    if (!(error instanceof TiepointError)) throw error;
    return { status: exitCodeOf(error), stdout, stderr: `${stderr}tiepoint: ${error.message} [${error.code}]\n` };
  }
}
