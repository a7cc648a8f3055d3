import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeDetector, decodeMatcher } from '@tiepoint/matching';
import { shippedKeypointNetworks } from 'tiepoint';
import type { KeypointMethodFactory } from './method.js';
import { networksMethod } from './networks-method.js';

/** Our detection and cross-fusion networks: those of a folder, where one is named; without a matcher there they only detect. */
export const tiepointMethod: KeypointMethodFactory = async ({ weights }) => {
  if (weights === undefined) {
    const shipped = await shippedKeypointNetworks();
    return shipped === null ? { absent: 'no weights are shipped' } : networksMethod({ name: 'tiepoint', ...shipped });
  }
  const [detectorPath, matcherPath] = [join(weights, 'detector.safetensors'), join(weights, 'matcher.safetensors')];
  if (!existsSync(detectorPath)) return { absent: `there is no ${detectorPath}` };
  const detector = decodeDetector(await readFile(detectorPath));
  const matcher = existsSync(matcherPath) ? decodeMatcher(await readFile(matcherPath)) : null;
  return networksMethod({ name: 'tiepoint', detector, matcher });
};
