import {
  type Backend,
  type Tensor,
  type TensorsOf,
  adamW,
  batchNorm,
  batchNormParameters,
  conv,
  convParameters,
  createRandom,
  createTrainer,
  crossEntropy,
  dense,
  denseParameters,
  input,
  layerNorm,
  maxPool2d,
  normParameters,
  relu,
  reshape,
} from './index.js';

/** A small seeded training run, the same wherever it runs: the losses of its steps, and the engine. */
export async function trainSmall(backend: Backend): Promise<{ readonly backend: Backend; readonly losses: number[] }> {
  const random = createRandom(11);
  const parameters = {
    first: convParameters(random, { inputs: 1, outputs: 6, kernel: 3 }),
    norm: batchNormParameters(6),
    second: convParameters(random, { inputs: 6, outputs: 8, kernel: 3 }),
    layer: normParameters(32),
    head: denseParameters(random, 32, 3),
  };
  const batch = { images: input('images', [12, 1, 14, 14]), labels: input('labels', [12], 'int64') };
  await using trainer = await createTrainer(
    {
      parameters,
      batch,
      loss: (p: TensorsOf<typeof parameters>, b: { images: Tensor; labels: Tensor<'int64'> }, mode) => {
        const x = maxPool2d(relu(batchNorm(p.norm, conv(p.first, b.images, { padding: 1 }), mode)), 2);
        const y = maxPool2d(relu(conv(p.second, x, { strides: 2 })), 2, { strides: 1 });
        return crossEntropy(dense(p.head, layerNorm(p.layer, reshape(y, [12, 32]))), b.labels);
      },
      optimizer: adamW(),
      clipNorm: 1,
    },
    { backend },
  );
  const losses: number[] = [];
  for (let step = 0; step < 12; step++) {
    const labels = BigInt64Array.from({ length: 12 }, () => BigInt(random.integer(3)));
    const images = Float32Array.from({ length: 12 * 196 }, (_, i) => {
      const label = Number(labels[Math.floor(i / 196)]!);
      return random.normal() + Math.sin((i % 14) * label);
    });
    losses.push((await trainer.step({ images, labels }, 3e-3)).loss);
  }
  return { backend: trainer.backend, losses };
}
