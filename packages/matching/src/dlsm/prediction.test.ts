import { buildModel, createSession, input, type TensorData } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { dlsmLoss, dlsmNegativeLoss, dlsmPrediction } from './prediction.js';

async function evaluate(outputs: readonly number[], truth: readonly [number, number], variance: number) {
  const prediction = dlsmPrediction(input('outputs', [1, 5]));
  const model = buildModel({
    outputs: {
      ...prediction,
      loss: dlsmLoss(prediction, input('x', [1]), input('y', [1])),
      negative: dlsmNegativeLoss(prediction, variance),
    },
  });
  await using session = await createSession(model);
  const feeds: Record<string, TensorData> = {
    outputs: Float32Array.from(outputs),
    x: Float32Array.of(truth[0]),
    y: Float32Array.of(truth[1]),
  };
  const found = await session.run(feeds);
  return Object.fromEntries(Object.entries(found).map(([name, data]) => [name, Number(data[0])])) as Record<
    string,
    number
  >;
}

/** −2 log of the bivariate normal density without its constant, from the covariance matrix itself. */
function formula(ex: number, ey: number, sx: number, sy: number, rho: number): number {
  const [xx, xy, yy] = [sx * sx, rho * sx * sy, sy * sy];
  const det = xx * yy - xy * xy;
  return (yy * ex * ex - 2 * xy * ex * ey + xx * ey * ey) / det + Math.log(det);
}

describe('dlsmLoss', () => {
  it('is −2 log of the bivariate normal density, the cross term with ρ', async () => {
    for (const outputs of [
      [0.3, -0.7, 0.2, -0.8, 1.1],
      [-1, 0.5, -2, 1, -0.6],
    ]) {
      const v = await evaluate(outputs, [0.9, 0.4], 7);
      const [sx, sy, rho] = [Math.exp(v['logSigmaX']!), Math.exp(v['logSigmaY']!), Math.tanh(v['z']!)];
      expect(v['loss']).toBeCloseTo(formula(0.9 - v['dx']!, 0.4 - v['dy']!, sx, sy, rho), 3);
      expect(v['logArea']).toBeCloseTo(Math.log(sx * sy * Math.sqrt(1 - rho * rho)), 4);
    }
  });

  it('keeps covariances possible whatever the network says', async () => {
    const v = await evaluate([0, 0, -1e4, 1e4, 1e4], [0, 0], 7);
    expect(Math.exp(v['logSigmaX']!)).toBeGreaterThan(0.01);
    expect(Math.exp(v['logSigmaY']!)).toBeLessThan(100);
    expect(Math.abs(Math.tanh(v['z']!))).toBeLessThan(0.98);
    expect(Number.isFinite(v['loss'])).toBe(true);
  });
});

describe('dlsmNegativeLoss', () => {
  it('is least for uncorrelated errors of the given variance', async () => {
    const at = async (logSigma: number, z: number): Promise<number> => {
      // The inverse of what bounds the outputs.
      const raw = 3 * Math.atanh(logSigma / 3);
      return (await evaluate([0, 0, raw, raw, 2 * Math.atanh(z / 2)], [0, 0], 7))['negative']!;
    };
    const best = Math.log(7) / 2;
    const least = await at(best, 0);
    expect(least).toBeCloseTo(2 + 2 * Math.log(7), 4);
    for (const [logSigma, z] of [
      [best - 0.2, 0],
      [best + 0.2, 0],
      [best, 0.3],
    ] as const) {
      expect(await at(logSigma, z)).toBeGreaterThan(least);
    }
  });
});
