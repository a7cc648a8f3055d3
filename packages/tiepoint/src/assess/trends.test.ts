import { createRandom } from '@tiepoint/geometry';
import { expect, it } from 'vitest';
import type { DisplacementVector } from './displacements.js';
import { trendsOf } from './trends.js';

const random = createRandom(5);
const count = 400;
const places = Array.from({ length: count }, () => [random.uniform() * 1000, random.uniform() * 800] as const);
const elevation = Float64Array.from(places, () => 200 + 600 * random.uniform());
const slope = Float64Array.from(places, (_, i) => (i % 5 === 0 ? Number.NaN : random.uniform() * 30));
const noise = (): number => 0.2 * random.normal();
// Along x relief, along y a drift from row to row.
const vectors = places.map((reference, i): DisplacementVector => ({
  reference,
  displacement: [0.01 * (elevation[i]! - 300) + noise(), 2 - 0.004 * reference[1] + noise()],
  covariance: [0.04, 0, 0.04],
}));

it('finds what displacements depend on, and what they do not', () => {
  const trends = new Map(trendsOf(vectors, { elevation, slope }).map((trend) => [trend.against, trend]));
  expect([...trends.keys()]).toEqual(['column', 'row', 'elevation', 'slope']);
  const [column, row, height, steep] = [...trends.values()];
  expect(height!.x.slope).toBeCloseTo(0.01, 3);
  expect(Math.abs(height!.x.slope - 0.01)).toBeLessThan(4 * height!.x.slopeSd);
  expect(height!.x.correlation).toBeGreaterThan(0.98);
  expect(Math.abs(row!.y.slope + 0.004)).toBeLessThan(4 * row!.y.slopeSd);
  expect(row!.y.correlation).toBeLessThan(-0.9);
  for (const line of [column!.x, column!.y, row!.x, height!.y, steep!.x, steep!.y]) {
    expect(Math.abs(line.correlation)).toBeLessThan(0.2);
    expect(Math.abs(line.slope)).toBeLessThan(4 * line.slopeSd);
  }
  // Where the ground is not known there is nothing to say.
  expect(steep!.count).toBe(count - count / 5);
});

it('sums up parts of the range', () => {
  const { bins } = trendsOf(vectors, { elevation, slope }).find(({ against }) => against === 'elevation')!;
  expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(count);
  expect(bins).toHaveLength(10);
  for (const { from, to, meanX, sdX, sdY } of bins) {
    expect(to - from).toBeCloseTo(60, -1);
    expect(meanX).toBeCloseTo(0.01 * ((from + to) / 2 - 300), 0);
    expect(sdX).toBeLessThan(0.4);
    // The drift along y is the scatter of every part.
    expect(sdY).toBeGreaterThan(0.6);
  }
});

it('says nothing of too few vectors, and of ground of one height no slope', () => {
  expect(trendsOf(vectors.slice(0, 3), null)).toEqual([]);
  const level = { elevation: new Float64Array(count).fill(50), slope: new Float64Array(count) };
  const flat = trendsOf(vectors, level).find(({ against }) => against === 'elevation')!;
  expect(flat.x).toEqual({ slope: 0, slopeSd: 0, correlation: 0 });
  expect(flat.bins).toMatchObject([{ from: 50, to: 50, count }]);
});
