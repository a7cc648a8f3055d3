import type { Outcome } from './outcome.js';

/** What is read of vitest's JSON report. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly unknown[];
  }[];
}

/** The counts of a report. A file that cannot be loaded holds no test and counts as one that failed. */
export function outcomeOf({ numPassedTests, numFailedTests, testResults }: TestReport): Outcome {
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}
