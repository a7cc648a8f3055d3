import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@tiepoint/geometry';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { batchHere } from './testing/batch-here.js';
import { writeManifest, writeScenePairs } from './testing/scene-pairs.js';
import { childrenOf, journalLines, runCli, startCli } from './testing/spawn-batch.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-killed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

/** How often something is killed; more where there is more time: TIEPOINT_KILLS=50. */
const kills = Number(process.env['TIEPOINT_KILLS'] ?? 4);
const pairCount = Number(process.env['TIEPOINT_KILL_PAIRS'] ?? 6);

/** What a batch left, without what differs from run to run: times, and the folder's own name. */
function results(name: string): Readonly<Record<string, string>> {
  const files = readdirSync(at(name)).filter((file) => /-(registered\.tif|solution\.json)$/.test(file));
  return Object.fromEntries(
    files.map((file) => {
      const bytes = readFileSync(join(at(name), file));
      return [
        file,
        file.endsWith('.tif') ? bytes.toString('base64') : bytes.toString('utf8').replace(/"seconds": .*/, ''),
      ];
    }),
  );
}

const args = (out: string): string[] => [
  at('pairs.jsonl'),
  '--output-folder',
  at(out),
  '--jobs',
  '2',
  '--no-thumbnails',
];
let expected: Readonly<Record<string, string>> = {};
/** How long it takes undisturbed, ms. */
let quiet = 0;

beforeAll(async () => {
  writeManifest(at('pairs.jsonl'), await writeScenePairs(at('in'), pairCount, [5]));
  const started = performance.now();
  await runCli(['batch', ...args('quiet')]);
  quiet = performance.now() - started;
  expected = results('quiet');
  expect(Object.keys(expected).length).toBe(2 * pairCount - 1);
}, 600_000);

/** Makes a folder a disk of its own of so many kilobytes, or changes how many; false where the system does not let us. */
function mountDisk(path: string, kilobytes: number, again = false): boolean {
  const size = `size=${kilobytes}k${again ? ',remount' : ''}`;
  return spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', path], { stdio: 'ignore' }).status === 0;
}

it('ends on a full disk with what is done whole, and goes on when there is room', async ({ skip }) => {
  mkdirSync(at('small'));
  if (!mountDisk(at('small'), 240)) skip('only root may make a small disk');
  try {
    const full = await batchHere([...args('small')]);
    expect(full.status, full.stderr).toBe(2);
    expect(full.stderr).toContain('disk-full');
    const whole = results('small');
    expect(Object.keys(whole).length).toBeGreaterThan(0);
    expect(Object.keys(whole).length).toBeLessThan(2 * pairCount - 1);
    // An image without its solution may be there: its pair is not done.
    for (const [name, text] of Object.entries(whole)) expect(text, name).toBe(expected[name]);
    expect(readdirSync(at('small')).filter((name) => /\.(tmp|lock|claim)$/.test(name))).toEqual([]);
    expect(mountDisk(at('small'), 20_000, true)).toBe(true);
    const { status, stderr } = await batchHere([...args('small')]);
    expect(status, stderr).toBe(4);
    expect(results('small')).toEqual(expected);
    const done = journalLines(at('small')).filter(({ event }) => event === 'done');
    expect(done.length).toBe(pairCount);
    expect(new Set(done.map(({ id }) => id)).size).toBe(pairCount);
  } finally {
    spawnSync('umount', [at('small')]);
  }
}, 600_000);

it.skipIf(process.platform !== 'linux')(
  'loses nothing, leaves nothing half-written and does nothing twice, whatever is killed and when',
  async () => {
    // Pauses between kills add up to less than the work takes, so that all kills fall into it.
    const random = createRandom(7);
    const pause = (): Promise<void> => sleep((0.1 + 1.2 * random.uniform()) * (quiet / kills) * 0.7);
    const left = Array.from({ length: kills }, (_, index) => (index % 2 === 0 ? 'worker' : 'coordinator'));
    let [rounds, status]: [number, number | null] = [0, null];
    while (status !== 4) {
      expect(++rounds).toBeLessThan(kills + 10);
      const { child, ended } = startCli(['batch', ...args('killed')]);
      const runs = (): boolean => child.exitCode === null && child.signalCode === null;
      // A run is killed at until its coordinator is.
      while (runs() && left.length > 0) {
        await pause();
        let children = childrenOf(child.pid!);
        while (left[0] === 'worker' && runs() && children.length === 0) {
          await sleep(20);
          children = childrenOf(child.pid!);
        }
        if (!runs()) break;
        if (left.shift() === 'worker') {
          process.kill(children[Math.floor(random.uniform() * children.length)]!, 'SIGKILL');
        } else {
          child.kill('SIGKILL');
          break;
        }
      }
      ({ status } = await ended);
    }
    expect(left).toEqual([]);
    expect(results('killed')).toEqual(expected);
    expect(readdirSync(at('killed')).filter((name) => /\.(tmp|lock|claim)$/.test(name))).toEqual([]);
    const done = journalLines(at('killed')).filter(({ event }) => event === 'done');
    expect(done.length).toBe(pairCount);
    expect(new Set(done.map(({ id }) => id)).size).toBe(pairCount);
  },
  1_200_000,
);
