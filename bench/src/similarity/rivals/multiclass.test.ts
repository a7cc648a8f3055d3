import { affine } from '@tiepoint/geometry';
import { createPairChooser, noAugmentation, type TrainingImage } from '@tiepoint/training';
import { drawDisplacements } from '@tiepoint/training/evaluation';
import { adam, buildModel, createRandom, createSession, createTrainer, input, type StepReport } from 'onnx-grad';
import { expect, test } from 'vitest';
import { multiclassLoss, multiclassRival } from './multiclass.js';

const side = 11;
const classes = side * side;

async function lossOf(score: (x: number, y: number) => number, truth: readonly [number, number]): Promise<number> {
  const loss = multiclassLoss(input('scores', [1, classes]), input('truth', [1, 2]));
  await using session = await createSession(buildModel({ outputs: { loss } }));
  const scores = Float32Array.from({ length: classes }, (_, i) => score((i % side) - 5, Math.floor(i / side) - 5));
  return (await session.run({ scores, truth: Float32Array.from(truth) })).loss[0]!;
}

test('wants scores to fall with the distance from the true displacement as the density does', async () => {
  const best = await lossOf((x, y) => -0.5 * ((x - 1.5) ** 2 + (y + 2) ** 2), [1.5, -2]);
  // The entropy of a Gaussian of 1 px in two dimensions.
  expect(best).toBeCloseTo(1 + Math.log(2 * Math.PI), 2);
  expect(await lossOf((x, y) => -0.5 * ((x + 2) ** 2 + (y - 1.5) ** 2), [1.5, -2])).toBeGreaterThan(best + 3);
  expect(await lossOf((x, y) => -1.5 * ((x - 1.5) ** 2 + (y + 2) ** 2), [1.5, -2])).toBeGreaterThan(best + 0.1);
  expect(await lossOf(() => 0, [0, 0])).toBeCloseTo(Math.log(classes), 4);
});

/** Blocks of random greys, which differ at every displacement. */
function blocks(): TrainingImage {
  const random = createRandom(4);
  const [width, height] = [200, 200];
  const data = new Uint8ClampedArray(width * height).fill(128);
  for (let shape = 0; shape < 500; shape++) {
    const [x, y, w, h] = [width, height, 24, 24].map((most) => Math.floor(most * random.uniform()));
    const grey = 255 * random.uniform();
    for (let v = y!; v < Math.min(height, y! + h!); v++) {
      data.fill(grey, v * width + x!, v * width + Math.min(width, x! + w!));
    }
  }
  return { width, height, data };
}

test('learns which displacement of a grid is the true one', async () => {
  const pair = {
    id: 'blocks',
    set: 'blocks',
    group: 'blocks',
    reference: blocks(),
    sensed: blocks(),
    referenceToSensed: affine(1, 0, 0, 0, 1, 0),
    alignmentErrorPx: 0,
  };
  const chooser = createPairChooser([pair]);
  const { radius, shift } = multiclassRival.displacements!;
  const fields = drawDisplacements(chooser, 4, createRandom(2), { radius, shift, augmentation: noAugmentation });
  const parameters = multiclassRival.create(createRandom(1));
  const program = multiclassRival.program({ parameters, batch: 4, optimizer: adam() });
  await using trainer = await createTrainer(program);
  const reports: StepReport[] = [];
  const hasLearned = (): boolean =>
    reports.length > 1 && reports.at(-1)!.loss < reports[0]!.loss - 0.5 && reports.at(-1)!.metrics['nearest']! > 0.4;
  while (reports.length < 40 && !hasLearned()) reports.push(await trainer.step(fields, 1e-3));
  expect(reports[0]!.loss).toBeCloseTo(Math.log(classes), 0);
  expect(reports.at(-1)!.loss).toBeLessThan(reports[0]!.loss - 0.5);
  expect(reports.at(-1)!.metrics['nearest']).toBeGreaterThan(0.4);
}, 120_000);
