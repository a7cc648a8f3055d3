import { Command } from 'commander';
import { type CliSession, parseCount, parsePositive } from 'tiepoint/cli';

/** The options of `tiepoint serve`. */
export interface ServeFlags {
  readonly data?: string | undefined;
  readonly output: string;
  readonly allowHost?: readonly string[] | undefined;
  readonly host: string;
  readonly port: number;
  readonly tokenFile?: string | undefined;
  readonly jobs?: number | undefined;
  readonly queue?: string | undefined;
  readonly timeout: number;
  readonly memory?: number | undefined;
  readonly maxPixels: number;
  readonly maxJobs: number;
  readonly uploadQuota: number;
}

/** `tiepoint serve`. */
export function serveCommand(session: CliSession): Command {
  return new Command('serve')
    .summary('an OGC API - Processes server')
    .description(
      'Serves register, match, warp and assess as OGC API - Processes, on this machine only unless a token is set. Inputs are ' +
        'read below --data, from uploads, and from hosts that are named; results lie below --output.',
    )
    .option('--data <dir>', 'the folder that inputs may be read from')
    .option('--output <dir>', 'where jobs, results and uploads are kept', 'tiepoint-jobs')
    .option(
      '--allow-host <name>',
      'a host that images may be read from by URL; may be repeated',
      (name: string, before: readonly string[] = []) => [...before, name.toLowerCase()],
    )
    .option('--host <address>', 'the address to listen on; any but this machine needs --token-file', '127.0.0.1')
    .option('--port <n>', 'the port to listen on; 0 takes a free one', parsePort, 8080)
    .option('--token-file <file>', 'a file with the token that requests must bring')
    .option('--jobs <n>', 'jobs at once (default: by cores and memory)', parseCount)
    .option('--queue <url>', 'give the jobs to workers: redis://… or postgres://… (tiepoint worker)')
    .option('--timeout <seconds>', 'the longest that a job may take', parsePositive, 600)
    .option(
      '--memory <mb>',
      'the most that a job may hold (default: four fifths of the machine among all)',
      parsePositive,
    )
    .option('--max-pixels <n>', 'the most pixels of an image', parseCount, 500_000_000)
    .option('--max-jobs <n>', 'the most jobs of one client that have not ended', parseCount, 100)
    .option('--upload-quota <mb>', 'the most that uploads may take together', parsePositive, 2000)
    .addHelpText(
      'after',
      `
Ctrl-C (or SIGTERM) ends after the jobs that run; those that wait are done by the next server on the same --output.

Examples:
  tiepoint serve --data scenes
  tiepoint serve --data /data --output /results --host 0.0.0.0 --token-file /run/secrets/token --allow-host data.example.org`,
    )
    .action(async (flags: ServeFlags) => {
      const { runServe } = await import('./serve.js');
      await runServe(flags, session);
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  return text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : parseCount('');
}
