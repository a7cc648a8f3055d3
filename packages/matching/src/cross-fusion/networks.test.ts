import {
  buildModel,
  countMultiplyAdds,
  createRandom,
  createSession,
  inference,
  input,
  parameterConstants,
  reduceSum,
  exp,
} from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { polarGrid } from '../image/polar-patches.js';
import { vectorLength } from './encoder.js';
import { crossFusionNetwork, matchingMatrix } from './networks.js';
import { encodePositions, relativePlaces } from './position.js';

/** Multiply-adds for two sets of `count` keypoints. */
function cost(count: number): number {
  const network = crossFusionNetwork();
  const p = parameterConstants(network.create(createRandom(1)));
  const vectors = network.encode(p, input('patches', [64, 1, polarGrid.rings, polarGrid.directions]), inference);
  const set = (name: string) => input(name, [1, count, vectorLength]);
  const places = { placesA: input('placesA', [1, count, 2]), placesB: input('placesB', [1, count, 2]) };
  const matrix = matchingMatrix(network.match(p, set('a'), set('b'), places));
  return (countMultiplyAdds({ vectors }) * 2 * count) / 64 + countMultiplyAdds({ matrix });
}

describe('the cross-fusion network', () => {
  it('matches 1,000 with 1,000 keypoints in 50 thousand million multiply-adds, half a second to a second', () => {
    expect(cost(1000)).toBeLessThan(5e10);
  });

  it('gives probabilities: a matrix in [0, 1], and one choice a point', async () => {
    const network = crossFusionNetwork({ patch: 32, layers: 1 });
    const p = parameterConstants(network.create(createRandom(2)));
    const [a, b] = [input('a', [1, 6, vectorLength]), input('b', [1, 9, vectorLength])];
    const places = { placesA: input('placesA', [1, 6, 2]), placesB: input('placesB', [1, 9, 2]) };
    const logits = network.match(p, a, b, places);
    expect([logits.ofA.shape, logits.ofB.shape]).toEqual([
      [1, 6, 10],
      [1, 9, 7],
    ]);
    const outputs = { matrix: matchingMatrix(logits), sums: reduceSum(exp(logits.ofA), { axes: [2] }) };
    await using session = await createSession(buildModel({ outputs }));
    const random = createRandom(3);
    const noise = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
    const feeds = { a: noise(6 * vectorLength), b: noise(9 * vectorLength), placesA: noise(12), placesB: noise(18) };
    const { matrix, sums } = await session.run(feeds);
    expect(matrix.length).toBe(54);
    expect(matrix.every((v) => v >= 0 && v <= 1)).toBe(true);
    for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
  });

  it('encodes near places alike and far ones differently', async () => {
    const code = encodePositions(input('places', [1, 3, 2]));
    await using session = await createSession(buildModel({ outputs: { code } }));
    const found = (await session.run({ places: Float32Array.of(0.1, 0.2, 0.101, 0.2, -0.6, 0.7) })).code;
    const dot = (i: number, j: number): number => {
      let sum = 0;
      for (let k = 0; k < vectorLength; k++) sum += found[i * vectorLength + k]! * found[j * vectorLength + k]!;
      return sum / (vectorLength / 2);
    };
    expect(dot(0, 0)).toBeCloseTo(1, 4);
    expect(dot(0, 1)).toBeGreaterThan(0.9);
    expect(dot(0, 2)).toBeLessThan(0.6);
  });

  it('gives one place of two images the same code, however the second is turned and scaled', () => {
    const [angle, scale] = [0.7, 0.6];
    const [c, sn] = [scale * Math.cos(angle), scale * Math.sin(angle)];
    const [reference, sensed] = [
      { width: 300, height: 200 },
      { width: 180, height: 220 },
    ];
    const place = [40, -25] as const;
    const seen = [c * place[0] - sn * place[1], sn * place[0] + c * place[1]] as const;
    const at = ({ width, height }: typeof reference, [x, y]: readonly [number, number]): Float64Array =>
      Float64Array.of(width / 2 + x, height / 2 + y);
    const first = relativePlaces(at(reference, place), reference, { angle: 0, scale: 1 }, 150, 2);
    const second = relativePlaces(at(sensed, seen), sensed, { angle, scale }, 150, 2);
    expect([...first]).toEqual([expect.closeTo(40 / 150, 5), expect.closeTo(-25 / 150, 5), 0, 0]);
    for (const [i, v] of first.entries()) expect(second[i]).toBeCloseTo(v, 5);
  });
});
