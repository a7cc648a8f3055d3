import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { createPool, createQueueExecutor, threadsOf, usualBound, usualJobs } from '@tiepoint/batch';
import { TiepointError } from '@tiepoint/geometry';
import { type CliSession, exitCodes } from 'tiepoint/cli';
import { createApp } from './app.js';
import { openJobService } from './job-service.js';
import type { ServeFlags } from './serve-command.js';
import type { ServerOptions } from './server-options.js';

const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);

function readToken(path: string): string {
  let token: string;
  try {
    token = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new TiepointError('file-unreadable', `${path}: cannot be read (${(cause as Error).message})`, {
      value: path,
      cause,
    });
  }
  if (token.length >= 16 && !/\s/.test(token)) return token;
  throw new TiepointError('invalid-option', `${path}: a token has 16 characters or more and no space`, {
    hint: 'Make one with: openssl rand -hex 32',
    value: path,
  });
}

function optionsOf(flags: ServeFlags): ServerOptions {
  const token = flags.tokenFile === undefined ? null : readToken(flags.tokenFile);
  if (token === null && !isLoopback(flags.host)) {
    throw new TiepointError('usage', `listening on ${flags.host} lets others in: that needs a token`, {
      hint: 'Name a file with one: --token-file FILE',
      value: flags.host,
    });
  }
  mkdirSync(flags.output, { recursive: true });
  return {
    data: flags.data === undefined ? null : realFolder(flags.data),
    output: realFolder(flags.output),
    limits: { hosts: flags.allowHost ?? [], pixels: flags.maxPixels },
    token,
    localOnly: token === null,
    jobsPerClient: flags.maxJobs,
    bodyBytes: 1_000_000,
    uploadBytes: flags.uploadQuota * 2 ** 20,
    syncPatience: 60_000,
  };
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new TiepointError('file-not-found', `${path}: no such folder`, { value: path, cause });
  }
}

/** Slow clients may hold a connection for so long, ms. */
const timeouts = { headersTimeout: 20_000, requestTimeout: 600_000, keepAliveTimeout: 5_000, maxHeadersCount: 100 };

/** Runs `tiepoint serve` until it is interrupted. @throws TiepointError of the options, `batch-locked`, `queue-unavailable` */
export async function runServe(flags: ServeFlags, session: CliSession): Promise<void> {
  const options = optionsOf(flags);
  const size = flags.jobs ?? (flags.queue === undefined ? usualJobs() : 1000);
  const executor =
    flags.queue === undefined
      ? createPool({
          threads: threadsOf(size),
          timeout: flags.timeout * 1000,
          memory: flags.memory === undefined ? usualBound(size) : flags.memory * 2 ** 20,
        })
      : await createQueueExecutor(flags.queue);
  await using service = await openJobService(options, executor, size);
  const app = createApp(service, options);
  const server = serve({ fetch: app.fetch, hostname: flags.host, port: flags.port }) as Server;
  Object.assign(server, timeouts);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new TiepointError('usage', `cannot listen on ${flags.host}:${flags.port} (${cause.code})`, {
          value: flags.port,
          cause,
        }),
      ),
    );
    server.once('listening', resolve);
  });
  const { port } = server.address() as AddressInfo;
  session.err(`tiepoint: http://${flags.host.includes(':') ? `[${flags.host}]` : flags.host}:${port}/`);
  await new Promise<void>((resolve) => {
    let asked = 0;
    session.onInterrupt((signal) => {
      session.exitCode = signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
      if (asked++ > 0) executor.kill();
      else session.err('tiepoint: ending after the jobs that run; once more to end at once');
      resolve();
      return true;
    });
  });
  server.close();
  server.closeIdleConnections();
}
