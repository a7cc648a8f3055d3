import {
  buildModel,
  countMultiplyAdds,
  countParameters,
  createRandom,
  createSession,
  inference,
  input,
  parameterConstants,
} from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { correlationNetwork, paperNetwork } from './networks.js';

describe.each([paperNetwork, correlationNetwork])('network $name', (network) => {
  it('answers each pair by itself', async () => {
    const random = createRandom(1);
    const parameters = network.create(random, 5);
    const pairs = input('pairs', [3, 2, 32, 32]);
    const outputs = network.build(parameterConstants(parameters), pairs, inference);
    expect(outputs.shape).toEqual([3, 5]);
    await using session = await createSession(buildModel({ outputs: { outputs } }));
    const data = Float32Array.from({ length: 3 * 2048 }, () => random.normal());
    const first = await session.run({ pairs: data });
    const changed = data.slice();
    changed.fill(0.5, 2048, 4096);
    const second = await session.run({ pairs: changed });
    const rows = (values: ArrayLike<number>, i: number): number[] => Array.from(values).slice(5 * i, 5 * i + 5);
    for (const i of [0, 2]) {
      for (const [k, v] of rows(second['outputs'], i).entries())
        expect(v).toBeCloseTo(rows(first['outputs'], i)[k]!, 4);
    }
    expect(rows(second['outputs'], 1)).not.toEqual(rows(first['outputs'], 1));
  });
});

it('has the sizes of the paper, and the one that ships costs little more', () => {
  const costOf = (network: typeof paperNetwork): number => {
    const parameters = network.create(createRandom(1), 5);
    const y = network.build(parameterConstants(parameters), input('pairs', [1, 2, 32, 32]), inference);
    return countMultiplyAdds({ y });
  };
  expect(countParameters(paperNetwork.create(createRandom(1), 5))).toBe(
    48 * 19 + 96 * (48 * 9 + 1) + 192 * (96 * 9 + 1) + 769 * 256 + 257 * 5,
  );
  const paper = costOf(paperNetwork);
  expect(paper).toBe(900 * 48 * 18 + 169 * 96 * 432 + 16 * 192 * 864 + 768 * 256 + 256 * 5);
  expect(costOf(correlationNetwork)).toBeLessThan(1.2 * paper);
});
