import { writeFileSync } from 'node:fs';

/** What checks came to so far. */
export interface Outcome {
  passed: number;
  failed: number;
}

/** Runs one check and says what it came to; the others run whatever it throws. */
export async function check(outcome: Outcome, name: string, run: () => Promise<void> | void): Promise<void> {
  const started = performance.now();
  let message: string | null = null;
  try {
    await run();
    outcome.passed++;
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
    outcome.failed++;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${message === null ? 'ok' : 'NOT OK'}  ${name} (${seconds} s)\n`);
  if (message !== null) process.stdout.write(`${message.replaceAll(/^/gm, '        ')}\n`);
}

/** Throws with all that is wrong; does nothing where the list is empty. */
export function expectNone(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** Leaves the counts in a file, for a caller that adds them to others. */
export function saveOutcome(outcome: Outcome, path: string): void {
  writeFileSync(path, `${JSON.stringify(outcome)}\n`);
}
