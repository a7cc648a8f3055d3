import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A service that a test starts, stops and starts again; what it was told outlives that. */
export interface TestService {
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and removes what it kept. */
  remove(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function untilOpen(port: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on ${port}`);
}

function service(
  url: string,
  port: number,
  folder: string,
  launch: () => ChildProcess,
  signal: NodeJS.Signals,
): TestService {
  let child: ChildProcess | null = null;
  const stop = async (): Promise<void> => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  };
  return {
    url,
    start: async () => {
      child = launch();
      await untilOpen(port);
    },
    stop,
    remove: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The program of a Debian package; null where it is not installed. */
function program(...places: readonly string[]): string | null {
  return places.find((place) => existsSync(place)) ?? null;
}

const redisProgram = program('/usr/bin/redis-server', '/usr/local/bin/redis-server');
const postgresFolder = program(...[17, 16, 15, 14, 13].map((version) => `/usr/lib/postgresql/${version}/bin`));

export const hasRedis = redisProgram !== null;
export const hasPostgres = postgresFolder !== null;

/** A Redis of the test's own, which keeps all it is told. */
export async function testRedis(): Promise<TestService> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'tiepoint-redis-'));
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction', '--save', ''];
  const launch = (): ChildProcess => spawn(redisProgram!, [...args, ...durable], { stdio: 'ignore' });
  return service(`redis://127.0.0.1:${port}`, port, folder, launch, 'SIGTERM');
}

/** PostgreSQL will not run as root: its own user does it then. */
function postgresUser(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A PostgreSQL of the test's own. */
export async function testPostgres(): Promise<TestService> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'tiepoint-postgres-'));
  const user = postgresUser();
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid!);
  const data = join(folder, 'data');
  const bin = (name: string): string => join(postgresFolder!, name);
  execFileSync(bin('initdb'), ['-D', data, '-U', 'tiepoint', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...user,
    stdio: 'ignore',
  });
  const args = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', folder];
  const launch = (): ChildProcess => spawn(bin('postgres'), args, { ...user, stdio: 'ignore' });
  return service(`postgres://tiepoint@127.0.0.1:${port}/postgres`, port, folder, launch, 'SIGINT');
}
