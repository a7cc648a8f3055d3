import { expect, it } from 'vitest';
import { outcomeOf } from './test-report.js';

it('counts tests, and a file that could not be loaded as one that failed', () => {
  const testResults = [
    { status: 'passed', assertionResults: [{}, {}] },
    { status: 'failed', assertionResults: [{}] },
    { status: 'failed', assertionResults: [] },
  ];
  expect(outcomeOf({ numPassedTests: 2, numFailedTests: 1, testResults })).toEqual({ passed: 2, failed: 2 });
});
