import { describe, expect, it } from 'vitest';
import { fitTransform, predictCovariance } from '../index.js';
import { jointCovariance } from '../estimation/joint-covariance.js';
import { createRandom } from '../random.js';
import { adjustNetwork, type NetworkEdge } from './adjust-network.js';
import { chiSquareLimit } from './chi-square.js';
import { connectedNodes } from './connected.js';

const size = 2;
const links = [
  [1, 0],
  [2, 0],
  [2, 1],
  [3, 1],
  [3, 2],
] as const;
const sds = [0.2, 0.3, 0.1, 0.4, 0.2];
const truth = [
  [0, 0],
  [1, 2],
  [-3, 1],
  [0.5, 4],
];
const random = createRandom(5);

function edgesOf(noise: number, wrong?: { readonly edge: number; readonly by: number }): NetworkEdge[] {
  return links.map(([from, to], k) => ({
    from,
    to,
    difference: Float64Array.from(
      { length: size },
      (_, i) =>
        truth[from]![i]! - truth[to]![i]! + noise * sds[k]! * random.normal() + (wrong?.edge === k ? wrong.by : 0),
    ),
    covariance: Float64Array.of(sds[k]! ** 2, 0, 0, sds[k]! ** 2),
  }));
}

describe('adjustNetwork', () => {
  it('gives what was put in, and no residual', () => {
    const solution = adjustNetwork(4, size, edgesOf(0));
    for (const [node, value] of solution.values.entries()) {
      for (const [i, v] of value.entries()) expect(v).toBeCloseTo(truth[node]![i]!, 10);
    }
    expect(solution.degreesOfFreedom).toBe(4);
    expect(solution.varianceFactor).toBeCloseTo(0, 10);
  });

  it('predicts its own errors, and those of each edge against the rest', () => {
    const runs = 4000;
    let [normalised, factor, tested] = [0, 0, 0];
    for (let run = 0; run < runs; run++) {
      const { values, covariance, varianceFactor, checks } = adjustNetwork(4, size, edgesOf(1));
      normalised += (values[3]![0]! - truth[3]![0]!) ** 2 / covariance(3)[0]!;
      factor += varianceFactor;
      tested += checks[3]!.statistic;
    }
    expect(normalised / runs).toBeGreaterThan(0.93);
    expect(normalised / runs).toBeLessThan(1.07);
    expect(factor / runs).toBeCloseTo(1, 1);
    expect(tested / runs / size).toBeCloseTo(1, 1);
  });

  it('says what the others say of a wrong edge: as if it were not there', () => {
    const edges = edgesOf(1, { edge: 2, by: 9 });
    const check = adjustNetwork(4, size, edges).checks[2]!;
    const without = adjustNetwork(
      4,
      size,
      edges.filter((_, k) => k !== 2),
    );
    const [a, b] = [without.values[2]!, without.values[1]!];
    expect(check.discrepancy[0]).toBeCloseTo(edges[2]!.difference[0]! - (a[0]! - b[0]!), 9);
    // Around the loops 2–0–1 and 2–3–1: 0.3² + 0.2² beside 0.2² + 0.4², and its own 0.1².
    expect(check.covariance[0]).toBeCloseTo(1 / (1 / 0.13 + 1 / 0.2) + 0.01, 9);
    expect(check.statistic).toBeGreaterThan(chiSquareLimit(size, 0.001));
  });

  it('checks no edge that is the only way, and refuses a node that nothing connects', () => {
    const [first, second, third] = edgesOf(0) as [NetworkEdge, NetworkEdge, NetworkEdge];
    const alone: NetworkEdge = { ...first, from: 3, to: 2 };
    expect(adjustNetwork(4, size, [first, second, third, alone]).checks.map((check) => check === null)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(() => adjustNetwork(4, size, [first, second, third])).toThrow('not connected');
    expect(connectedNodes(4, [first, second, third])).toEqual([true, true, true, false]);
  });
});

it.each([
  [2, 13.816],
  [4, 18.467],
  [6, 22.458],
])('χ² with %i degrees of freedom exceeds %f once in a thousand', (degrees, limit) => {
  expect(Math.abs(chiSquareLimit(degrees, 0.001) / limit - 1)).toBeLessThan(1e-4);
});

it.each(['affine', 'similarity', 'tps'] as const)(
  'the joint covariance of points has each point´s own: %s',
  (model) => {
    const source = Float64Array.from({ length: 80 }, () => 300 * random.uniform());
    const target = source.map((v) => v + 5 + random.normal());
    const fit = fitTransform({ source, target }, model)!;
    const joint = jointCovariance(fit, Float64Array.of(20, 30, 250, 120));
    for (const [k, [x, y]] of [
      [20, 30],
      [250, 120],
    ].entries()) {
      const [xx, xy, yy] = predictCovariance(fit, x!, y!);
      expect(joint[2 * k * 4 + 2 * k]).toBeCloseTo(xx, 9);
      expect(joint[2 * k * 4 + 2 * k + 1]).toBeCloseTo(xy, 9);
      expect(joint[(2 * k + 1) * 4 + 2 * k + 1]).toBeCloseTo(yy, 9);
    }
    for (let i = 0; i < 16; i++) expect(joint[i]).toBeCloseTo(joint[(i % 4) * 4 + Math.floor(i / 4)]!, 12);
  },
);
