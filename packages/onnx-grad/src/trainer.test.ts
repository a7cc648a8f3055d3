import { describe, expect, it } from 'vitest';
import {
  type Mode,
  type TensorsOf,
  type Tensor,
  adam,
  adamW,
  batchNorm,
  batchNormParameters,
  buildModel,
  conv,
  convParameters,
  createRandom,
  createSession,
  createTrainer,
  crossEntropy,
  dense,
  denseParameters,
  inference,
  input,
  maxPool2d,
  parameterConstants,
  relu,
  reshape,
  sgd,
} from './index.js';

function network(seed: number) {
  const random = createRandom(seed);
  return {
    features: [
      { conv: convParameters(random, { inputs: 1, outputs: 8, kernel: 3 }), norm: batchNormParameters(8) },
      { conv: convParameters(random, { inputs: 8, outputs: 8, kernel: 3 }), norm: batchNormParameters(8) },
    ],
    head: denseParameters(random, 8, 2),
  };
}

function classify(p: TensorsOf<ReturnType<typeof network>>, images: Tensor, mode: Mode): Tensor {
  let x = images;
  for (const block of p.features) x = maxPool2d(relu(batchNorm(block.norm, conv(block.conv, x), mode)), 2);
  return dense(p.head, reshape(x, [images.shape[0]!, -1]));
}

/** Stripes along one axis or the other, in noise. */
function stripes(seed: number, batch: number): { images: Float32Array; labels: BigInt64Array } {
  const random = createRandom(seed);
  const labels = BigInt64Array.from({ length: batch }, () => BigInt(random.integer(2)));
  const images = new Float32Array(batch * 144);
  for (let n = 0; n < batch; n++) {
    const phase = random.uniform() * 6;
    for (let i = 0; i < 144; i++) {
      const along = labels[n] === 0n ? i % 12 : Math.floor(i / 12);
      images[n * 144 + i] = Math.sin(along * 1.5 + phase) + random.normal() * 0.5;
    }
  }
  return { images, labels };
}

const program = (seed: number, batch = 16) => ({
  parameters: network(seed),
  batch: { images: input('images', [batch, 1, 12, 12]), labels: input('labels', [batch], 'int64') },
  loss: (p: TensorsOf<ReturnType<typeof network>>, b: { images: Tensor; labels: Tensor<'int64'> }, mode: Mode) =>
    crossEntropy(classify(p, b.images, mode), b.labels),
});

describe('a trainer', () => {
  it('learns, keeps an average, and its weights work in inference', async () => {
    await using trainer = await createTrainer({ ...program(1), optimizer: adam(), clipNorm: 5, average: 0.9 });
    let loss = Infinity;
    for (let step = 0; step < 60; step++) ({ loss } = await trainer.step(stripes(step, 16), 0.01));
    expect(loss).toBeLessThan(0.2);
    const test = stripes(1000, 64);
    for (const parameters of [trainer.parameters(), trainer.averagedParameters()]) {
      const logits = classify(parameterConstants(parameters), input('images', [64, 1, 12, 12]), inference);
      await using session = await createSession(buildModel({ outputs: { logits } }));
      const result = await session.run({ images: test.images });
      const right = test.labels.reduce((sum, label, i) => {
        const answer = result.logits[2 * i + 1]! > result.logits[2 * i]! ? 1n : 0n;
        return sum + Number(answer === label);
      }, 0);
      expect(right).toBeGreaterThan(58);
    }
  });

  it('goes on from a state with the very same losses', async () => {
    const setup = { ...program(2), optimizer: adamW(), average: 0.99 };
    await using whole = await createTrainer(setup);
    const losses: number[] = [];
    for (let step = 0; step < 12; step++) losses.push((await whole.step(stripes(step, 16), 0.01)).loss);
    await using first = await createTrainer(setup);
    for (let step = 0; step < 5; step++) await first.step(stripes(step, 16), 0.01);
    const stored = first.state();
    await using second = await createTrainer({ ...setup, parameters: network(99) });
    second.restore(stored);
    for (let step = 5; step < 12; step++) expect((await second.step(stripes(step, 16), 0.01)).loss).toBe(losses[step]);
    expect(second.stepsTaken).toBe(12);
    expect(second.averagedParameters()).toEqual(whole.averagedParameters());
  });

  it('takes the step of one large batch in several small ones', async () => {
    // Without batch normalisation, whose statistics depend on the batch.
    const random = createRandom(3);
    const setup = (batch: number) => ({
      parameters: denseParameters(random, 144, 2),
      batch: { images: input('images', [batch, 144]), labels: input('labels', [batch], 'int64') },
      loss: (p: { weight: Tensor; bias: Tensor }, b: { images: Tensor; labels: Tensor<'int64'> }) =>
        crossEntropy(dense(p, b.images), b.labels),
      optimizer: sgd({ momentum: 0.9 }),
    });
    const large = setup(32);
    await using whole = await createTrainer(large);
    await using parts = await createTrainer({ ...setup(8), parameters: large.parameters, accumulate: 4 });
    for (let step = 0; step < 3; step++) {
      const { images, labels } = stripes(step, 32);
      const quarters = [0, 1, 2, 3].map((i) => ({
        images: images.slice(i * 8 * 144, (i + 1) * 8 * 144),
        labels: labels.slice(i * 8, (i + 1) * 8),
      }));
      const a = await whole.step({ images, labels }, 0.1);
      const b = await parts.step(quarters, 0.1);
      expect(b.loss).toBeCloseTo(a.loss, 5);
      expect(b.gradientNorm).toBeCloseTo(a.gradientNorm, 4);
    }
    const [a, b] = [whole.parameters(), parts.parameters()];
    for (const [i, w] of a.weight.data.entries()) expect(b.weight.data[i]).toBeCloseTo(w, 5);
  });

  it('refuses a step whose loss is not finite and keeps the parameters', async () => {
    await using trainer = await createTrainer({ ...program(4), optimizer: sgd() });
    await trainer.step(stripes(0, 16), 0.01);
    const before = trainer.parameters();
    const bad = stripes(1, 16);
    bad.images[5] = Number.NaN;
    await expect(trainer.step(bad, 0.01)).rejects.toMatchObject({
      code: 'not-finite',
      message: 'step 2: the loss is NaN',
    });
    expect(trainer.parameters()).toEqual(before);
    expect(trainer.stepsTaken).toBe(1);
  });

  it('learns the same on both engines', async () => {
    const losses = await Promise.all(
      (['node', 'wasm'] as const).map(async (backend) => {
        await using trainer = await createTrainer({ ...program(5), optimizer: adam() }, { backend });
        const all: number[] = [];
        for (let step = 0; step < 8; step++) all.push((await trainer.step(stripes(step, 16), 0.01)).loss);
        return all;
      }),
    );
    for (const [i, loss] of losses[0]!.entries()) expect(Math.abs(losses[1]![i]! - loss)).toBeLessThan(1e-4 * loss);
  });
});
