import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ScoredPair } from '../evaluate.js';
import type { PairScore } from '../score.js';
import { drawCurves, rowsByThreshold } from './by-threshold.js';

/** Pairs whose accuracy at 2 px is given, and 1 at all others. */
const scored: ScoredPair[] = [0.2, 0.6, null].map((mma2, i) => {
  const score = new Proxy({}, { get: (_, name) => (name === 'mma2' ? mma2 : 1) });
  return { method: 'one', set: 'sar', folder: 's1s2', pair: String(i), score: score as PairScore };
});

it('has the mean over the pairs that have a value, and draws it', async () => {
  const rows = rowsByThreshold('study', scored, 'mma');
  expect(rows.map(({ metric }) => metric)).toEqual(Array.from({ length: 10 }, (_, i) => `mma${i + 1}`));
  expect(rows[1]).toMatchObject({ method: 'one', n: 3 });
  expect(rows[1]!.value).toBeCloseTo(0.4);
  expect(rows[2]!.value).toBe(1);
  const folder = mkdtempSync(join(tmpdir(), 'tiepoint-curves-'));
  try {
    await drawCurves(folder, 'study', rows, 'mma');
    expect(readFileSync(join(folder, 'study-mma.svg'), 'utf8')).toContain('Mean matching accuracy');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
