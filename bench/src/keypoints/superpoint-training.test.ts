import { adamW, createRandom, createTrainer } from 'onnx-grad';
import { expect, it } from 'vitest';
import { superPointParameters } from './superpoint-network.js';
import { superPointProgram } from './superpoint-training.js';

it('learns from warped pairs', async () => {
  const [batch, side, border] = [1, 32, 0];
  const random = createRandom(1);
  const parameters = superPointParameters(random);
  const program = superPointProgram({ parameters, batch, side, border, optimizer: adamW() });
  await using trainer = await createTrainer(program, { threads: 1 });
  const noise = (): Float32Array => Float32Array.from({ length: side * side }, () => random.normal());
  // The second crop is the first in reversed contrast, pixel on pixel.
  const first = noise();
  const grid = Float32Array.from({ length: 2 * side * side }, (_, i) => {
    const at = i % 2 === 0 ? (i >> 1) % side : Math.floor((i >> 1) / side);
    return (2 * (at + 0.5)) / side - 1;
  });
  const both = new Float32Array(side * side).fill(1);
  const terms: Readonly<Record<string, number>>[] = [];
  for (let step = 0; step < 60; step++) {
    const { metrics } = await trainer.step({ first, second: first.map((v) => -v), grid, both }, 1e-3);
    terms.push(metrics);
  }
  // Four of sixteen squares have a keypoint: that none has in every one cannot bring the loss below the entropy of that, 0.56, and
  // naming none of 64 pixels costs more.
  expect(terms.at(-1)!.detected!).toBeLessThan(0.5);
  expect(terms.at(-1)!.described).toBeLessThan(0.7 * terms[0]!.described!);
}, 120_000);
