import { Command } from 'commander';
import { type CliSession, exitCodes, parseCount, parsePositive } from 'tiepoint/cli';

/** The options of `tiepoint worker`. */
interface WorkerFlags {
  readonly queue: string;
  readonly jobs?: number | undefined;
  readonly timeout: number;
  readonly memory?: number | undefined;
  readonly idle?: number | undefined;
  readonly signer?: string | undefined;
  readonly quiet?: true | undefined;
}

/** `tiepoint worker`. */
export function workerCommand(session: CliSession): Command {
  return new Command('worker')
    .summary('take pairs from a queue')
    .description(
      'Takes the pairs that `tiepoint batch --queue` adds, on any machine that sees the same files. A worker that dies ' +
        'has its pairs done by another.',
    )
    .requiredOption('--queue <url>', 'redis://… (Valkey as well) or postgres://…')
    .option('--jobs <n>', 'pairs at once (default: by cores and memory)', parseCount)
    .option('--timeout <seconds>', 'the longest that a pair may take', parsePositive, 3600)
    .option(
      '--memory <mb>',
      'the most that a pair may hold (default: four fifths of the machine among all)',
      parsePositive,
    )
    .option('--idle <seconds>', 'end when no pair has come for so long', parsePositive)
    .option('--signer <module>', 'a module that signs addresses of a provider (see docs/stac.md)')
    .option('--quiet', 'write nothing but errors')
    .addHelpText(
      'after',
      `
Ctrl-C (or SIGTERM) ends after the pairs that run, a second one at once.

Examples:
  tiepoint worker --queue redis://queue.example.org:6379 --jobs 4
  tiepoint worker --queue postgres://tiepoint@db.example.org/jobs --idle 300`,
    )
    .action(async (flags: WorkerFlags) => {
      const [{ runWorker }, { threadsOf, usualBound, usualJobs }] = await Promise.all([
        import('../queue/run-worker.js'),
        import('../run/defaults.js'),
      ]);
      const size = flags.jobs ?? usualJobs();
      const say = (text: string): void => {
        if (!flags.quiet) session.err(text);
      };
      let interrupts = 0;
      await runWorker({
        url: flags.queue,
        size,
        pool: {
          threads: threadsOf(size),
          timeout: flags.timeout * 1000,
          memory: flags.memory === undefined ? usualBound(size) : flags.memory * 2 ** 20,
          signer: flags.signer,
        },
        idle: flags.idle === undefined ? undefined : flags.idle * 1000,
        onTrouble: (message) => say(`tiepoint: the queue: ${message}`),
        onEnd: ({ job }, answer) =>
          say(
            `${job.name}: ${answer.kind === 'death' ? answer.message : (answer.error?.message ?? answer.outcome?.verdict)}`,
          ),
        onRunning: ({ stop, kill }) =>
          session.onInterrupt((signal) => {
            session.exitCode = signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
            if (interrupts++ === 0) stop();
            else kill();
            return true;
          }),
      });
    });
}
