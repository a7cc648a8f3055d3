import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeDetector, decodeMatcher, type Dlsm } from '@tiepoint/matching';
import { shippedDlsm, shippedKeypointNetworks } from 'tiepoint';
import type { KeypointMethodFactory } from './method.js';
import { networksMethod } from './networks-method.js';

/** Our networks, those of a folder where one is named; without a matcher there they only detect. */
function ours(name: string, guidance?: () => Promise<Dlsm>): KeypointMethodFactory {
  return async ({ weights }) => {
    const parts = guidance === undefined ? { name } : { name, dlsm: await guidance() };
    if (weights === undefined) {
      const shipped = await shippedKeypointNetworks();
      return shipped === null ? { absent: 'no weights are shipped' } : networksMethod({ ...parts, ...shipped });
    }
    const [detectorPath, matcherPath] = [join(weights, 'detector.safetensors'), join(weights, 'matcher.safetensors')];
    if (!existsSync(detectorPath)) return { absent: `there is no ${detectorPath}` };
    const detector = decodeDetector(await readFile(detectorPath));
    const matcher = existsSync(matcherPath) ? decodeMatcher(await readFile(matcherPath)) : null;
    return networksMethod({ ...parts, detector, matcher });
  };
}

/** Our detection and cross-fusion networks. */
export const tiepointMethod = ours('tiepoint');

/** The same with guided matching by DLSM. */
export const tiepointGuidedMethod = ours('tiepoint-guided', shippedDlsm);
