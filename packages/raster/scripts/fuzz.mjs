// The fuzzer's long mode: mutated files, each read in every way by a thread that is watched for time and memory.
// usage: node --expose-gc scripts/fuzz.mjs [CASES=20000] [FIRST_SEED=1]   (after a build)
// Prints how the cases ended; a crash, a hang or too much memory is a failure, and its file is kept in fixtures/found.
import { mkdirSync, writeFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { fuzzBases } from '../dist/fuzz-bases.test.support.js';
import { fuzzCase, readEveryWay } from '../dist/fuzz.test.support.js';

const SECONDS = 2;
const BYTES = 256 * 1024 * 1024;

if (!isMainThread) {
  const bases = await fuzzBases();
  parentPort.on('message', async (seed) => {
    const damaged = fuzzCase(bases, seed);
    const { name } = damaged;
    try {
      const outcome = await readEveryWay(damaged);
      parentPort.postMessage({ seed, name, outcome }, []);
    } catch (error) {
      parentPort.postMessage({ seed, name, failure: error instanceof Error ? error.stack : String(error) }, []);
    }
  });
  parentPort.postMessage('ready', []);
} else {
  const cases = Number(process.argv[2] ?? 20_000);
  const first = Number(process.argv[3] ?? 1);
  const bases = await fuzzBases();
  const outcomes = new Map();
  let failures = 0;
  let worst = { milliseconds: 0, megabytes: 0 };
  const keep = (seed, why) => {
    failures++;
    mkdirSync(new URL('../fixtures/found/', import.meta.url), { recursive: true });
    const { files, damaged } = fuzzCase(bases, seed);
    const ending = damaged.replace(/^.*[./_]/, '');
    writeFileSync(new URL(`../fixtures/found/seed-${seed}.${ending}`, import.meta.url), files[damaged]);
    process.stdout.write(`seed ${seed}: ${why}\n`);
  };
  const start = async () => {
    const worker = new Worker(new URL(import.meta.url));
    await new Promise((resolve) => worker.once('message', resolve));
    return worker;
  };
  let worker = await start();
  const startedAll = performance.now();
  for (let seed = first; seed < first + cases; seed++) {
    if (seed % 50 === 0) globalThis.gc?.();
    const baseline = process.memoryUsage().rss;
    const started = performance.now();
    const answer = await new Promise((resolve) => {
      const watch = setInterval(() => {
        const grown = process.memoryUsage().rss - baseline;
        worst.megabytes = Math.max(worst.megabytes, grown / 2 ** 20);
        if (performance.now() - started > SECONDS * 1000) resolve({ hang: true });
        else if (grown > BYTES) resolve({ memory: grown });
      }, 5);
      const done = (value) => {
        clearInterval(watch);
        worker.off('message', done);
        worker.off('error', failed);
        resolve(value);
      };
      const failed = (error) => done({ failure: String(error) });
      worker.on('message', done);
      worker.on('error', failed);
      worker.postMessage(seed, []);
    });
    worst.milliseconds = Math.max(worst.milliseconds, performance.now() - started);
    if (answer.hang || answer.memory || answer.failure) {
      keep(seed, answer.hang ? `longer than ${SECONDS} s` : answer.memory ? `${answer.memory} bytes` : answer.failure);
      await worker.terminate();
      worker = await start();
    } else {
      outcomes.set(answer.outcome, (outcomes.get(answer.outcome) ?? 0) + 1);
    }
  }
  await worker.terminate();
  const seconds = (performance.now() - startedAll) / 1000;
  process.stdout.write(
    `${cases} cases in ${seconds.toFixed(0)} s, ${failures} failures; slowest ${worst.milliseconds.toFixed(0)} ms, most memory ${worst.megabytes.toFixed(0)} MB above the start\n`,
  );
  for (const [outcome, count] of [...outcomes].toSorted((a, b) => b[1] - a[1]).slice(0, 20)) {
    process.stdout.write(`${String(count).padStart(7)}  ${outcome}\n`);
  }
  process.exitCode = failures > 0 ? 1 : 0;
}
