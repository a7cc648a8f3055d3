import { createSession, buildModel, createRandom, input } from 'onnx-grad';
import { expect, it } from 'vitest';
import { peakiness } from './peakiness.js';

const [channels, height, width] = [5, 6, 7] as const;

const softplus = (v: number): number => Math.log1p(Math.exp(v));

/** (4) to (6) as they are printed, one pixel at a time. */
function printed(y: Float32Array): number[] {
  const at = (c: number, i: number, j: number): number => y[(c * height + i) * width + j]!;
  const scores: number[] = [];
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      let best = 0;
      for (let c = 0; c < channels; c++) {
        let channelSum = 0;
        for (let t = 0; t < channels; t++) channelSum += at(t, i, j);
        let [sum, count] = [0, 0];
        for (let k = Math.max(0, i - 1); k <= Math.min(height - 1, i + 1); k++) {
          for (let l = Math.max(0, j - 1); l <= Math.min(width - 1, j + 1); l++) {
            sum += at(c, k, l);
            count++;
          }
        }
        const beta = softplus(at(c, i, j) - channelSum / channels);
        const alpha = softplus(at(c, i, j) - sum / count);
        best = Math.max(best, alpha * beta);
      }
      scores.push(best);
    }
  }
  return scores;
}

it('is (4), (5) and (6) of the paper', async () => {
  const random = createRandom(1);
  const y = Float32Array.from({ length: channels * height * width }, () => 2 * random.normal());
  const score = peakiness(input('y', [1, channels, height, width]));
  await using session = await createSession(buildModel({ outputs: { score } }));
  const found = [...(await session.run({ y })).score];
  for (const [i, wanted] of printed(y).entries()) expect(found[i]).toBeCloseTo(wanted, 4);
});
