import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

/** Debian's, which has rasterio and QGIS. */
export const python = '/usr/bin/python3';

const runner = fileURLToPath(new URL('run_tests.py', import.meta.url));

/** Where Node finds the command line of this repository, as the built packages have it. */
export const commandScript: string = fileURLToPath(new URL('../packages/tiepoint/bin/tiepoint.js', import.meta.url));

interface Outcome {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
}

/** Runs all of a folder's tests in one process, which imports what they need once. */
function runAll(folder: string): Promise<ReadonlyMap<string, Outcome>> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, TIEPOINT_COMMAND: commandScript, QT_QPA_PLATFORM: 'offscreen' };
    const child = spawn(python, [runner, folder], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (errors += piece));
    child.on('error', reject);
    child.on('close', () => {
      const outcomes = text
        .split('\n')
        .filter((line) => line.startsWith('{"name"'))
        .map((line) => JSON.parse(line) as Outcome);
      if (outcomes.length === 0) reject(new Error(`no test ran\n${errors}`));
      else resolve(new Map(outcomes.map((outcome) => [outcome.name, outcome])));
    });
  });
}

/**
 * Makes each Python test of a folder one of this project's, so that its result counts.
 * @param needs a line of Python that fails where what the tests need is not installed; they are then skipped, with a note
 */
export function describePythonTests(title: string, folder: string, needs: string): void {
  const installed = spawnSync(python, ['-c', needs]).status === 0;
  if (!installed) process.stderr.write(`note: ${title}: "${needs}" fails in ${python}; its tests are skipped\n`);
  const listed = installed ? spawnSync(python, [runner, folder, '--list'], { encoding: 'utf8' }).stdout : '[]';
  const names = JSON.parse(listed) as string[];
  describe.skipIf(!installed)(title, () => {
    let outcomes: ReadonlyMap<string, Outcome>;
    beforeAll(async () => {
      outcomes = await runAll(folder);
    }, 600_000);
    it.each(names.length === 0 ? ['its tests'] : names)('%s', (name) => {
      const found = outcomes.get(name);
      expect(found?.outcome, found?.detail ?? 'it did not run').toBe('passed');
    });
  });
}
