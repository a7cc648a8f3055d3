import { expect, it } from 'vitest';
import { runOnnxGradLeakBench } from './leak.js';

it('training leaves no memory behind (the short form of 2,000 steps)', async () => {
  const { growth } = await runOnnxGradLeakBench(200);
  // A step has 6.5 MB of new state: one leaked in fifty steps would show.
  expect(growth).toBeLessThan(0.05);
});
