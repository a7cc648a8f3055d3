import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchHere } from './testing/batch-here.js';
import { type ScenePair, quickOptions, writeManifest, writeScenePairs } from './testing/scene-pairs.js';
import { journalLines, runCli, startCli } from './testing/spawn-batch.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-batch-'));
const at = (name: string): string => join(folder, name);
let pairs: readonly ScenePair[] = [];

beforeAll(async () => {
  pairs = await writeScenePairs(at('in'), 3, [2]);
  writeManifest(at('pairs.jsonl'), pairs);
  writeManifest(at('one.jsonl'), pairs.slice(1, 2));
});
afterAll(() => rmSync(folder, { recursive: true }));

const batch = (...args: string[]): ReturnType<typeof batchHere> => batchHere(args);
const doneOf = (name: string): readonly Readonly<Record<string, unknown>>[] =>
  journalLines(at(name)).filter(({ event }) => event === 'done');

describe('tiepoint batch', () => {
  it('registers all pairs, keeps what it did, and does nothing again', async () => {
    const args = ['batch', at('pairs.jsonl'), '--output-folder', at('a'), '--summary', at('a/s.csv'), '--jobs', '1'];
    const run = await runCli(args);
    expect(run.stderr).toContain('scene-2: refused');
    expect(run.stdout).toContain('2 accepted, 1 refused');
    expect(run.status).toBe(4);
    for (const [i, { shift }] of pairs.slice(0, 2).entries()) {
      const { sensedToReference: m } = JSON.parse(readFileSync(at(`a/scene-${i}-solution.json`), 'utf8')) as {
        sensedToReference: number[][];
      };
      expect(Math.abs(m[0]![2]! - shift[0])).toBeLessThan(0.3);
      expect(Math.abs(m[1]![2]! - shift[1])).toBeLessThan(0.3);
      expect(existsSync(at(`a/scene-${i}-registered.tif`))).toBe(true);
    }
    expect(existsSync(at('a/scene-2-registered.tif'))).toBe(false);
    const before = readFileSync(at('a/tiepoint-batch.jsonl'), 'utf8');
    const again = await batch(at('pairs.jsonl'), '--output-folder', at('a'));
    expect(again.status).toBe(4);
    expect(again.stdout).toContain('2 accepted, 1 refused');
    expect(readFileSync(at('a/tiepoint-batch.jsonl'), 'utf8')).toBe(before);
  });

  it('runs again what changed, what was removed, and what is asked for', async () => {
    const out = ['--output-folder', at('a'), '--json', '--jobs', '1', '--no-thumbnails'];
    const begin = (stdout: string): unknown => JSON.parse(stdout.split('\n')[0]!);
    utimesSync(pairs[0]!.sensed, new Date(), new Date());
    rmSync(at('a/scene-1-registered.tif'));
    expect(begin((await batch(at('pairs.jsonl'), ...out)).stdout)).toMatchObject({ settled: 1, open: 2 });
    const anew = await batch(at('one.jsonl'), ...out, '--restart', '--seed', '5');
    expect(begin(anew.stdout)).toMatchObject({ settled: 0, open: 1 });
  });

  it('takes a solution that is there for the mark, where the journal was cut short', async () => {
    const journal = at('a/tiepoint-batch.jsonl');
    const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
    const last = lines.findLastIndex((line) => line.includes('"done"'));
    writeFileSync(journal, [...lines.slice(0, last), lines[last]!.slice(0, 40)].join('\n'));
    const run = await batch(at('one.jsonl'), '--output-folder', at('a'), '--json', '--seed', '5');
    expect(JSON.parse(run.stdout.split('\n')[0]!)).toMatchObject({ settled: 1, open: 0 });
    expect(run.status).toBe(0);
  });

  it('keeps on after bad inputs, and tries them again only when asked', async () => {
    writeFileSync(at('in/not-an-image.tif'), 'text');
    const rows = [
      { reference: 'in/reference-0.tif', sensed: 'in/nowhere.tif' },
      { reference: 'in/reference-0.tif', sensed: 'in/not-an-image.tif' },
      { reference: 'in/reference-0.tif', sensed: 'in/scene-0.tif', ...quickOptions },
    ];
    writeFileSync(at('bad.json'), JSON.stringify(rows));
    const run = await batch(at('bad.json'), '--output-folder', at('bad'), '--jobs', '1', '--no-thumbnails');
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('1 accepted, 2 failed');
    expect(doneOf('bad').map(({ status, attempts }) => [status, attempts])).toEqual(
      expect.arrayContaining([
        [3, 1],
        [3, 1],
        [0, 1],
      ]),
    );
    const again = await batch(at('bad.json'), '--output-folder', at('bad'), '--retry-failed', '--json', '--jobs', '1');
    expect(JSON.parse(again.stdout.split('\n')[0]!)).toMatchObject({ settled: 1, open: 2 });
  });

  it('names bad rows by line before anything runs', async () => {
    writeFileSync(at('wrong.csv'), `reference,sensed,model\na.tif,b.tif,affine\na.tif,,affine\na.tif,c.tif,cubist\n`);
    const run = await batch(at('wrong.csv'), '--output-folder', at('wrong'));
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('wrong.csv, line 3: names no sensed image');
    expect(run.stderr).toMatch(/wrong\.csv, line 4: .*cubist/);
    expect(existsSync(at('wrong'))).toBe(false);
  });

  it('does not write over what it has not made', async () => {
    const args = [at('pairs.jsonl'), '--output-folder', at('foreign')] as const;
    await batch(...args, '--dry-run');
    expect(existsSync(at('foreign'))).toBe(false);
    mkdirSync(at('foreign'));
    writeFileSync(at('foreign/scene-1-registered.tif'), 'precious');
    const run = await batch(...args);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('output-exists');
    expect(readdirSync(at('foreign')).filter((name) => name.startsWith('scene'))).toEqual(['scene-1-registered.tif']);
  });

  it('does a share of the pairs, and the whole knows of the shares', async () => {
    writeManifest(at('two.jsonl'), pairs.slice(1));
    const args = [at('two.jsonl'), '--output-folder', at('shards'), '--jobs', '1', '--no-thumbnails'] as const;
    const [first, second] = await Promise.all([batch(...args, '--shard', '1/2'), batch(...args, '--shard', '2/2')]);
    expect(first.stdout).toContain('1 accepted');
    expect(second.stdout).toContain('1 refused');
    const whole = await batch(...args, '--json', '--summary', at('shards/s.geojson'));
    expect(JSON.parse(whole.stdout.split('\n')[0]!)).toMatchObject({ settled: 2, open: 0 });
    const { features } = JSON.parse(readFileSync(at('shards/s.geojson'), 'utf8')) as {
      features: { geometry: { coordinates: number[][][] }; properties: { state: string; ce90Metres: number } }[];
    };
    expect(features.map(({ properties }) => properties.state)).toEqual(['accepted', 'refused']);
    // 128 px of 10 m at 41.5° N, 15° E.
    const ring = features[0]!.geometry.coordinates[0]!;
    const width = Math.max(...ring.map(([x]) => x!)) - Math.min(...ring.map(([x]) => x!));
    expect(width * 111_320 * Math.cos((41.55 * Math.PI) / 180)).toBeCloseTo(1280, -2);
    expect(features[0]!.properties.ce90Metres).toBeGreaterThan(0);
  });

  it('reads globs and standard input', async () => {
    const options = Object.entries(quickOptions).flatMap(([name, value]) => [`--${name}`, value]);
    const globs = await runCli(
      ['batch', '--reference', 'in/reference-1.tif', 'in/scene-[01].tif', '--output-folder', 'globs', '--dry-run'],
      { cwd: folder },
    );
    const row = (name: string): string => `${name}\topen\t${at(`in/${name}.tif`)}\t${at('in/reference-1.tif')}\n`;
    expect(globs.stdout, globs.stderr).toBe(`${row('scene-0')}${row('scene-1')}`);
    const input = `sensed;reference;output\n${pairs[0]!.sensed};${pairs[0]!.reference};${at('zero.tif')}\n`;
    const args = ['-', ...options, '--no-thumbnails', '--journal', at('zero.jsonl'), '--jobs', '1'];
    const piped = await batchHere(args, input);
    expect(piped.status, piped.stderr).toBe(0);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['zero.tif', 'zero-solution.json']));
  });

  it('lets one coordinator at it at a time, and ends after the pairs that run when interrupted', async () => {
    const many = await writeScenePairs(at('many'), 8);
    writeManifest(at('many.jsonl'), many);
    const args = [at('many.jsonl'), '--output-folder', at('many-out'), '--jobs', '1', '--no-thumbnails'];
    const first = startCli(['batch', ...args]);
    while (!existsSync(at('many-out')) || doneOf('many-out').length === 0)
      await new Promise((go) => setTimeout(go, 20));
    const second = await batchHere(args);
    expect(second.status).toBe(2);
    expect(second.stderr).toContain('batch-locked');
    first.child.kill('SIGINT');
    const { status, stderr, stdout } = await first.ended;
    expect(status).toBe(130);
    expect(stderr).toContain('ending after the pairs that run');
    const done = doneOf('many-out').length;
    expect(stdout).toContain(`${done} accepted, ${8 - done} not done`);
    expect(done).toBeLessThan(8);
    expect(readdirSync(at('many-out')).filter((name) => name.endsWith('.lock') || name.endsWith('.tmp'))).toEqual([]);
    // Nothing that was begun was left half done.
    expect(journalLines(at('many-out')).filter(({ event }) => event === 'start').length).toBe(done);
  });
});
