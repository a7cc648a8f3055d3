import { expect, test } from 'vitest';
import { type SetScores, similarityRows } from './rows.js';

const scoresOf = (set: string, offset: number): SetScores => ({
  method: 'one',
  set,
  positives: Float32Array.of(offset + 3, offset + 4),
  shifted: Float32Array.of(offset + 1, offset + 1),
  negatives: Float32Array.of(offset + 1, offset + 2),
});

test('has a row for each set, their mean, and all ranked together', () => {
  const rows = similarityRows([scoresOf('a', 0), scoresOf('b', 0)], 1);
  expect(rows.map(({ set, n, auc }) => ({ set, n, auc }))).toEqual([
    { set: 'a', n: 4, auc: 100 },
    { set: 'b', n: 4, auc: 100 },
    { set: 'mean', n: 8, auc: 100 },
    { set: 'general', n: 8, auc: 100 },
  ]);
  expect(rows[0]!.aucShifted).toBe(25);
});

test('says where scores of one set are no scale for another', () => {
  const rows = similarityRows([scoresOf('a', 0), scoresOf('b', 10)], 1);
  const [mean, general] = ['mean', 'general'].map((set) => rows.find((row) => row.set === set)!);
  expect(mean!.auc).toBe(100);
  // The positives of a are below all negatives of b.
  expect(general!.auc).toBe(75);
  expect(general!.aucLow).toBeLessThan(75);
  expect(general!.aucHigh).toBeGreaterThan(75);
});
