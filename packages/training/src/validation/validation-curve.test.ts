import { expect, it } from 'vitest';
import { validationCurve } from './validation-curve.js';

it('draws a line a set, from left to right and upwards as values grow', () => {
  const svg = validationCurve(
    [
      { step: 100, values: { 'a<b': 0.2 } },
      { step: 200, values: { 'a<b': 0.6, other: 0.5 } },
    ],
    'repeatability',
  );
  expect(svg).toContain('repeatability, %');
  expect(svg).toContain('a&lt;b');
  const [line] = [...svg.matchAll(/points="([^"]*)"/g)].map(([, points]) =>
    points!.split(' ').map((point) => point.split(',').map(Number)),
  );
  expect(line).toHaveLength(2);
  expect(line![1]![0]).toBeGreaterThan(line![0]![0]!);
  expect(line![1]![1]).toBeLessThan(line![0]![1]!);
});
