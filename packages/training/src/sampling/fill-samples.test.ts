import { TiepointError } from '@tiepoint/geometry';
import { expect, it } from 'vitest';
import { fillSamples } from './fill-samples.js';

it('draws each sample until it succeeds', () => {
  const drawn: number[] = [];
  fillSamples(3, (index) => drawn.push(index) % 2 === 0);
  expect(drawn).toEqual([0, 0, 1, 1, 2, 2]);
});

it('gives up where none ever does', () => {
  expect(() => fillSamples(1, () => false)).toThrow(TiepointError);
});
