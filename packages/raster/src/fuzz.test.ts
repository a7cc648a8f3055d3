import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fuzzBases } from './fuzz-bases.test.support.js';
import { fuzzCase, readEveryWay } from './fuzz.test.support.js';

const testCases = 500;

test(`${testCases} damaged files each end in a result or a coded error, within 2 s and 256 MB`, async () => {
  const bases = await fuzzBases();
  for (const base of bases) expect([base.name, await readEveryWay(base)]).toEqual([base.name, 'read']);
  const outcomes = new Map<string, number>();
  for (let seed = 1; seed <= testCases; seed++) {
    const damaged = fuzzCase(bases, seed);
    const { name } = damaged;
    const started = performance.now();
    const held = process.memoryUsage().arrayBuffers;
    let outcome: string;
    try {
      outcome = await readEveryWay(damaged);
    } catch (error) {
      throw new Error(`seed ${seed} (${name})`, { cause: error });
    }
    expect(performance.now() - started, `seed ${seed} (${name}) took too long`).toBeLessThan(2000);
    const grown = process.memoryUsage().arrayBuffers - held;
    expect(grown, `seed ${seed} (${name}) took too much memory`).toBeLessThan(256 * 1024 * 1024);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  // Mutations that only ever fail to parse would test nothing.
  expect(outcomes.get('read')).toBeGreaterThan(testCases / 20);
  expect(outcomes.size).toBeGreaterThan(4);
});

test('files that once did harm do none', async () => {
  const folder = fileURLToPath(new URL('../fixtures/found/', import.meta.url));
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.md')) continue;
    const started = performance.now();
    const files = { [name]: new Uint8Array(readFileSync(folder + name)) };
    await readEveryWay({ name, files, opened: name, damaged: name });
    expect(performance.now() - started).toBeLessThan(2000);
  }
});
