import { expect, test } from 'vitest';
import { drawChart } from './chart.js';

const chart = {
  title: 'a < b',
  x: { label: 'x', domain: [0.001, 1], log: true },
  y: { label: 'y', domain: [0, 2] },
  series: [
    {
      name: 'line',
      points: [
        [0.001, 0],
        [1, 2],
        [1, 9],
      ],
    },
    { name: 'dots', points: [[0.1, 1]], style: 'dots' },
  ],
} as const;

test('points lie where the axes say, those outside on the rim', () => {
  const svg = drawChart(chart);
  expect(svg).toContain('points="62.0,334.0 482.0,34.0 482.0,34.0"');
  // A tenth is two thirds of the way on a logarithmic axis from a thousandth to one.
  expect(svg).toContain('<circle cx="342.0" cy="184.0"');
  expect(svg).toContain('a &lt; b');
});

test('in images y points down', () => {
  const svg = drawChart({
    ...chart,
    x: { label: 'x', domain: [0, 1] },
    image: true,
    series: [{ name: 'p', points: [[0, 0]] }],
  });
  expect(svg).toContain('points="62.0,34.0"');
});
