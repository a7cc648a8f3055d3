import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeDetector, decodeMatcher } from '@tiepoint/matching';
import type { KeypointMethodFactory } from './method.js';
import { networksMethod } from './networks-method.js';

/** Our detection and cross-fusion networks. */
export const tiepointMethod: KeypointMethodFactory = async ({ weights }) => {
  if (weights === undefined)
    return { absent: 'name the folder of detector.safetensors and matcher.safetensors: --weights' };
  const [detectorPath, matcherPath] = [join(weights, 'detector.safetensors'), join(weights, 'matcher.safetensors')];
  for (const path of [detectorPath, matcherPath]) if (!existsSync(path)) return { absent: `there is no ${path}` };
  const detector = decodeDetector(await readFile(detectorPath));
  const matcher = decodeMatcher(await readFile(matcherPath));
  return networksMethod({ name: 'tiepoint', detector, matcher });
};
