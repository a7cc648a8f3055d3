import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchHere } from '../testing/batch-here.js';
import { writeManifest, writeScenePairs } from '../testing/scene-pairs.js';
import { hasPostgres, hasRedis, testPostgres, testRedis } from '../testing/services.js';
import { journalLines, startCli } from '../testing/spawn-batch.js';

const services = [
  { name: 'Redis', there: hasRedis, make: testRedis },
  { name: 'PostgreSQL', there: hasPostgres, make: testPostgres },
];
for (const { name, there } of services) {
  if (!there) process.stderr.write(`queue.test.ts: ${name} is not installed, its queue is not tested\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-queue-'));
const at = (name: string): string => join(folder, name);
const pairCount = 4;

beforeAll(async () => writeManifest(at('pairs.jsonl'), await writeScenePairs(at('in'), pairCount)));
afterAll(() => rmSync(folder, { recursive: true }));

const done = (name: string): readonly Readonly<Record<string, unknown>>[] => {
  try {
    return journalLines(at(name)).filter(({ event }) => event === 'done');
  } catch {
    return [];
  }
};

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2400 && !condition(); i++) await sleep(25);
  expect(condition()).toBe(true);
}

it('says what is wrong with an address, and not its password', async () => {
  const run = await batchHere([at('pairs.jsonl'), '--output-folder', at('none'), '--queue', 'amqp://u:secret@x']);
  expect(run.status).toBe(2);
  expect(run.stderr).toContain('amqp://u:…@x');
  expect(run.stderr).not.toContain('secret');
});

describe.concurrent.each(services)('a queue on $name', ({ name, there, make }) => {
  it.skipIf(!there)(
    'has every pair done once, though a worker is killed and the service restarts',
    async () => {
      const service = await make();
      const workers: ReturnType<typeof startCli>[] = [];
      try {
        await service.start();
        const out = `out-${name}`;
        const worker = (): void => void workers.push(startCli(['worker', '--queue', service.url, '--jobs', '1']));
        worker();
        worker();
        const args = [at('pairs.jsonl'), '--output-folder', at(out), '--queue', service.url, '--no-thumbnails'];
        const first = startCli(['batch', ...args]);
        // A second coordinator of its own journal wants the same pairs: each is one job all the same.
        const second = batchHere([...args, '--journal', at(`second-${name}/journal.jsonl`), '--overwrite']);
        await until(() => done(out).length >= 1);
        workers[0]!.child.kill('SIGKILL');
        await until(() => done(out).length >= 2);
        await service.stop();
        await sleep(1500);
        await service.start();
        const [one, two] = await Promise.all([first.ended, second]);
        expect(one.stdout, one.stderr).toContain(`${pairCount} accepted`);
        expect(two.stdout, two.stderr).toContain(`${pairCount} accepted`);
        expect(one.status).toBe(0);
        expect(done(out).length).toBe(pairCount);
        const images = readdirSync(at(out)).filter((file) => file.endsWith('-registered.tif'));
        expect(images.length).toBe(pairCount);
        expect(readdirSync(at(out)).filter((file) => /\.(tmp|lock)$/.test(file))).toEqual([]);
        for (const { id, written } of done(out)) {
          const solution = (written as string[]).find((path) => path.endsWith('.json'))!;
          expect(JSON.parse(readFileSync(solution, 'utf8'))).toMatchObject({
            verdict: 'accept',
            provenance: { job: id },
          });
        }
        workers[1]!.child.kill('SIGTERM');
        const { status, stderr } = await workers[1]!.ended;
        expect(status).toBe(143);
        const killed = (await workers[0]!.ended).stderr;
        // Once each, but for the one that the killed worker may have ended without saying so.
        const count = `${killed}${stderr}`.split('\n').filter((line) => line.endsWith(': accept')).length;
        expect(count).toBeGreaterThanOrEqual(pairCount - 1);
        expect(count).toBeLessThanOrEqual(pairCount + 1);
      } finally {
        for (const { child } of workers) child.kill('SIGKILL');
        await service.remove();
      }
    },
    300_000,
  );
});
