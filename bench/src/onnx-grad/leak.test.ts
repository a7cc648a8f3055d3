import { expect, it } from 'vitest';
import { runOnnxGradLeakBench } from './leak.js';

it('training leaves no memory behind (the short form of 2,000 steps)', async () => {
  const { earlyMB, lateMB } = await runOnnxGradLeakBench(200);
  // A step makes 5 MB of new state, so that leaking it would cost 900 MB; the garbage collector's mood is worth tens.
  expect(lateMB - earlyMB).toBeLessThan(60);
});
