import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installNode } from './other-nodes.js';
import { type Outcome, saveOutcome } from './outcome.js';
import { outcomeOf, type TestReport } from './test-report.js';

// Runs the quick tests of the published packages on a newer Node than the one the project is built and tested with.

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The release line with the longest support ahead. */
const newer = '24';

/** Runs them by a program of Node, which is also the one that child processes find. */
function runQuickTests(program: string, report: string): Outcome {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const args = [vitest, 'run', '--config', 'vitest.quick.config.ts', ...reporters, 'packages/'];
  const env = { ...process.env, PATH: `${dirname(program)}${delimiter}${process.env['PATH'] ?? ''}` };
  const { status } = spawnSync(program, args, { cwd: root, env, stdio: 'inherit' });
  const outcome = outcomeOf(JSON.parse(readFileSync(report, 'utf8')) as TestReport);
  // Vitest may end badly though every test passed, as after an error outside of tests.
  return status === 0 ? outcome : { ...outcome, failed: Math.max(1, outcome.failed) };
}

const { values } = parseArgs({ options: { report: { type: 'string' } } });
const folder = mkdtempSync(join(tmpdir(), 'tiepoint-newer-node-'));
let outcome: Outcome = { passed: 0, failed: 0 };
try {
  const node = await installNode(folder, newer);
  if (node === null)
    process.stdout.write(`npm has no Node ${newer} for this machine: the quick tests were not run on it\n`);
  else {
    outcome = runQuickTests(node.program, join(folder, 'report.json'));
    process.stdout.write(`Node ${node.version}: ${outcome.passed} passed, ${outcome.failed} failed\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.report !== undefined) saveOutcome(outcome, values.report);
process.exitCode = outcome.failed === 0 ? 0 : 1;
