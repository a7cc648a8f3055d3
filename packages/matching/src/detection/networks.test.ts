import { countMultiplyAdds, countParameters, createRandom, inference, input, parameterConstants } from 'onnx-grad';
import { expect, it } from 'vitest';
import { type DetectionNetwork, lightDetector, paperDetector, tableNetwork } from './networks.js';
import { confidence, type Upsampling } from './peakiness.js';

const side = 64;

function build(network: DetectionNetwork, upsampling: Upsampling) {
  const p = parameterConstants(network.create(createRandom(1)));
  const scales = network.build(p, input('image', [1, 1, side, side]), inference);
  return { scales, map: confidence(scales, p, { upsampling }) };
}

it('has the sizes of Table 1', () => {
  const { scales } = build(paperDetector, 'score');
  expect(scales.map(({ features }) => features.shape)).toEqual([
    [1, 128, side / 4, side / 4],
    [1, 512, side / 8, side / 8],
    [1, 128, side / 8, side / 8],
  ]);
});

it.each(['score', 'features', 'learned'] as const)('gives one confidence a pixel with upsampling %s', (upsampling) => {
  expect(build(tableNetwork({ width: 0.25 }), upsampling).map.shape).toEqual([1, 1, side, side]);
});

it('gives one confidence a pixel in the light variant, at a tenth of the cost', () => {
  const light = build(lightDetector, 'direct');
  expect(light.map.shape).toEqual([1, 1, side, side]);
  const cost = countMultiplyAdds({ map: light.map }) / side ** 2;
  const full = countMultiplyAdds({ map: build(paperDetector, 'score').map }) / side ** 2;
  expect(cost).toBeLessThan(full / 10);
  // 44.6 and 4.2 thousand million of 512 × 512 px.
  expect(full).toBeLessThan(180_000);
  expect(cost).toBeLessThan(17_000);
});

it('has few enough parameters to ship', () => {
  const count = (network: DetectionNetwork): number => countParameters(network.create(createRandom(1)));
  expect(count(paperDetector)).toBeLessThan(4_500_000);
  expect(count(lightDetector)).toBeLessThan(450_000);
});
