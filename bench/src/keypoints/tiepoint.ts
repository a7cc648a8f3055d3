import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngine, decodeDetector, decodeMatcher, detectKeypoints, nearestKeypoints } from '@tiepoint/matching';
import type { KeypointMethodFactory } from './method.js';

/** Our detection and cross-fusion networks. */
export const tiepointMethod: KeypointMethodFactory = async ({ weights }) => {
  if (weights === undefined)
    return { absent: 'name the folder of detector.safetensors and matcher.safetensors: --weights' };
  const [detectorPath, matcherPath] = [join(weights, 'detector.safetensors'), join(weights, 'matcher.safetensors')];
  for (const path of [detectorPath, matcherPath]) if (!existsSync(path)) return { absent: `there is no ${path}` };
  const detector = decodeDetector(await readFile(detectorPath));
  const matcher = decodeMatcher(await readFile(matcherPath));
  const engine = createEngine();
  return {
    name: 'tiepoint',
    async predict(reference, sensed, count) {
      const begin = performance.now();
      const a = await detectKeypoints(engine, detector, reference, { count });
      const b = await detectKeypoints(engine, detector, sensed, { count });
      const found = await nearestKeypoints(
        engine,
        matcher,
        { plane: reference, keypoints: a },
        { plane: sensed, keypoints: b },
      );
      const seconds = (performance.now() - begin) / 1000;
      return { keypoints: { reference: a.xy, sensed: b.xy }, ...found, seconds };
    },
    close: () => engine.dispose(),
  };
};
