import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadPair, readPairs } from './registration/dataset.js';
import { writePublicData } from './public-data.js';

const folder = mkdtempSync(join(tmpdir(), 'public-data-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('makes pairs that the benches read, with structure in each', async () => {
  await writePublicData(folder);
  const [train, val] = [await readPairs(folder, 'train'), await readPairs(folder, 'val')];
  expect([train.length, val.length]).toEqual([8, 8]);
  expect(train.filter(({ group }) => val.some((other) => other.group === group))).toEqual([]);
  for (const record of val) {
    const { reference, sensed } = await loadPair(folder, record);
    for (const { data } of [reference, sensed]) {
      const mean = data.reduce((sum, v) => sum + v, 0) / data.length;
      const deviation = Math.sqrt(data.reduce((sum, v) => sum + (v - mean) ** 2, 0) / data.length);
      expect(deviation, record.id).toBeGreaterThan(4);
    }
  }
});
