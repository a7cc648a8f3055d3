import { TiepointError } from '@tiepoint/geometry';
import { CommanderError } from 'commander';
import { exitCodes } from '../errors/error-codes.js';
import { reportFailure } from './failure.js';
import { expandGdalAliases } from './gdal-aliases.js';
import { buildProgram } from './program.js';
import { createProgress } from './progress.js';
import type { CliSession } from './session.js';

function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Runs the command line of this process and sets its exit status. */
export async function runCli(): Promise<void> {
  const { argv, ignored } = expandGdalAliases(process.argv.slice(2));
  const controller = new AbortController();
  let inOrder: (signal: 'SIGINT' | 'SIGTERM') => boolean = () => false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (inOrder(signal === 'SIGTERM' ? signal : 'SIGINT')) return;
    controller.abort();
    // Temporary files are removed on exit; waiting for native code to notice the signal would only delay that.
    process.exit(signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // `tiepoint … | head` closes the pipe early: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.accepted : exitCodes.unexpected);
  });
  const quiet = argv.includes('--quiet');
  const session: CliSession = {
    out: writeOut,
    err: (line) => void process.stderr.write(`${line}\n`),
    input: process.stdin,
    progress: createProgress(process.stderr, quiet),
    signal: controller.signal,
    onInterrupt: (handler) => {
      inOrder = handler;
    },
    exitCode: exitCodes.accepted,
  };
  for (const option of ignored) session.err(`tiepoint: ${option} has no meaning here and is passed over`);
  try {
    await (await buildProgram(session, argv)).parseAsync(argv, { from: 'user' });
    session.progress('');
    process.exitCode = session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has written its message already; help and version end with its code 0.
      if (error.exitCode !== 0 && argv.includes('--json')) {
        const usage = new TiepointError('usage', error.message.replace(/^error: /, ''));
        await reportFailure(usage, { ...session, err: () => {} }, true);
      }
      process.exitCode = error.exitCode === 0 ? exitCodes.accepted : exitCodes.usage;
      return;
    }
    process.exitCode = await reportFailure(error, session, argv.includes('--json'));
  }
}
