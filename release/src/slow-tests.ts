import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

// Reads vitest's JSON report of all tests and keeps which files are slow: `npm run test:quick` leaves those out.

/** Files of tests that take longer count as slow, s. */
export const slowFrom = 2;

/** What is read of vitest's JSON report; times in ms. */
interface TestReport {
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[];
}

/** The slow files by their path in the repository, with their seconds, slowest first. */
export function slowTests(report: TestReport, root: string): Record<string, number> {
  const rows = report.testResults
    .map(
      ({ name, startTime, endTime }) => [relative(root, name), Math.round((endTime - startTime) / 100) / 10] as const,
    )
    .filter(([, seconds]) => seconds > slowFrom);
  return Object.fromEntries(rows.toSorted((a, b) => b[1] - a[1]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const report = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as TestReport;
  writeFileSync(join(root, 'slow-tests.json'), `${JSON.stringify(slowTests(report, root), null, 2)}\n`);
}
