import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ce90, inliers, point } from './readme.sample.js';

describe('the sample in the README', () => {
  it('is the file that is compiled', () => {
    const sample = readFileSync(new URL('../src/readme.sample.ts', import.meta.url), 'utf8').replaceAll('export ', '');
    expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(sample);
  });

  it('gives what its comments say', () => {
    expect(inliers).toBe(5);
    expect(point[0]).toBeCloseTo(112, 0);
    expect(point[1]).toBeCloseTo(95, 0);
    expect(ce90).toBeGreaterThan(0);
    expect(ce90).toBeLessThan(0.2);
  });
});
