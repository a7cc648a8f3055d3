import { writeFile } from 'node:fs/promises';
import {
  type TensorsOf,
  adamW,
  buildModel,
  conv,
  convParameters,
  createRandom,
  createTrainer,
  crossEntropy,
} from 'onnx-grad';
import { type Tensor, dense, denseParameters, input, maxPool2d, parameterConstants, relu, reshape } from 'onnx-grad';

const random = createRandom(1);
const parameters = {
  conv: convParameters(random, { inputs: 1, outputs: 8, kernel: 3 }),
  head: denseParameters(random, 8 * 5 * 5, 2),
};
const network = (p: TensorsOf<typeof parameters>, x: Tensor) =>
  dense(p.head, reshape(maxPool2d(relu(conv(p.conv, x)), 2), [x.shape[0]!, -1]));

const batch = { images: input('images', [32, 1, 12, 12]), labels: input('labels', [32], 'int64') };
const loss = (p: TensorsOf<typeof parameters>, b: typeof batch) => crossEntropy(network(p, b.images), b.labels);
await using trainer = await createTrainer({ parameters, batch, loss, optimizer: adamW() }, { threads: 2 });
for (let step = 0; step < 200; step++) {
  const labels = BigInt64Array.from({ length: 32 }, () => BigInt(random.integer(2))); // bright pictures are of class 1
  const images = Float32Array.from(
    { length: 32 * 144 },
    (_, i) => random.normal() + Number(labels[Math.floor(i / 144)]),
  );
  await trainer.step({ images, labels }, 1e-3);
}
const logits = network(parameterConstants(trainer.parameters()), input('image', [1, 1, 12, 12]));
await writeFile('brightness.onnx', buildModel({ outputs: { logits } }).bytes);
