import { createRandom } from '@tiepoint/geometry';
import { buildModel, createSession, input } from 'onnx-grad';
import { expect, test } from 'vitest';
import { evaluateSpectrum, spectrumOf, timesConjugate } from './band-limited.js';
import { normalisedCorrelation } from './normalised.js';

const random = createRandom(11);
const noise = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());

test('the full band correlates as the sum of products does', async () => {
  const [w, h, t] = [21, 17, 9];
  // An odd period has no frequency of its own at half the sampling rate: sixteen and zero are all there are.
  const band = { period: 33, count: 17 };
  const search = noise(w * h);
  const template = noise(t * t);
  const product = timesConjugate(
    spectrumOf(input('search', [1, 1, h, w]), band),
    spectrumOf(input('template', [1, 1, t, t]), band),
  );
  const xs = [0, 3, 7];
  const ys = [0, 5];
  await using session = await createSession(buildModel({ outputs: { c: evaluateSpectrum(product, band, xs, ys) } }));
  const { c } = await session.run({ search, template });
  for (const [j, y] of ys.entries()) {
    for (const [i, x] of xs.entries()) {
      let sum = 0;
      for (let v = 0; v < t; v++)
        for (let u = 0; u < t; u++) sum += template[v * t + u]! * search[(y + v) * w + x + u]!;
      expect((c as Float32Array)[j * xs.length + i]!).toBeCloseTo(sum, 3);
    }
  }
});

test('the score is 1 where the template lies, whatever is masked', async () => {
  const [size, window, radius] = [40, 24, 8];
  const margin = (size - window) / 2;
  // Smooth, as features are: noise has most of its energy beyond the band.
  const waves = Array.from(
    { length: 12 },
    () => [0.5 * random.normal(), 0.5 * random.normal(), 6 * random.uniform()] as const,
  );
  const search = Float32Array.from({ length: size * size }, (_, i) =>
    waves.reduce((sum, [fx, fy, phase]) => sum + Math.sin(fx * (i % size) + fy * Math.floor(i / size) + phase), 0),
  );
  const [dx, dy] = [3, -5];
  const template = new Float32Array(window * window);
  const support = new Float32Array(window * window);
  for (let y = 0; y < window; y++) {
    for (let x = 0; x < window; x++) {
      if (x < 6 && y < 12) continue;
      support[y * window + x] = 1;
      template[y * window + x] = search[(y + margin + dy) * size + x + margin + dx]!;
    }
  }
  const scores = normalisedCorrelation(
    input('template', [1, 1, window, window]),
    input('support', [1, 1, window, window]),
    input('search', [1, 1, size, size]),
    radius,
    0.45,
  );
  await using session = await createSession(buildModel({ outputs: { scores } }));
  const map = (await session.run({ template, support, search })).scores as Float32Array;
  const best = map.indexOf(Math.max(...map));
  expect([(best % 17) - radius, Math.floor(best / 17) - radius]).toEqual([dx, dy]);
  expect(map[best]).toBeGreaterThan(0.95);
  expect(map[best]).toBeLessThan(1.05);
});
