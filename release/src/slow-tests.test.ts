import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { slowFrom, slowTests } from './slow-tests.js';

it('keeps the files that take long, slowest first', () => {
  const report = {
    testResults: [
      { name: '/root/a.test.ts', startTime: 1000, endTime: 4140 },
      { name: '/root/b.test.ts', startTime: 1000, endTime: 1200 },
      { name: '/root/c/d.test.ts', startTime: 0, endTime: 10_000 },
    ],
  };
  expect(Object.entries(slowTests(report, '/root'))).toEqual([
    ['c/d.test.ts', 10],
    ['a.test.ts', 3.1],
  ]);
});

it('the list names files that are there', () => {
  const root = new URL('../../', import.meta.url);
  const listed = JSON.parse(readFileSync(new URL('slow-tests.json', root), 'utf8')) as Record<string, number>;
  expect(Object.keys(listed).length).toBeGreaterThan(20);
  for (const [file, seconds] of Object.entries(listed)) {
    expect(existsSync(fileURLToPath(new URL(file, root))), file).toBe(true);
    expect(seconds).toBeGreaterThan(slowFrom);
  }
});
