import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeDetector, decodeMatcher } from '@tiepoint/matching';
import type { KeypointMethodFactory } from './method.js';
import { networksMethod } from './networks-method.js';

/** Where weights that come with tiepoint lie. */
const shipped = fileURLToPath(new URL('../../../packages/tiepoint/weights', import.meta.url));

/** The first of the folders that has a file. */
function findFile(folders: readonly (string | undefined)[], name: string): string | null {
  const paths = folders.flatMap((folder) => (folder === undefined ? [] : [join(folder, name)]));
  return paths.find((path) => existsSync(path)) ?? null;
}

/**
 * The networks as the paper has them (Li, Han and Ye 2022), of the folder of weights or else of the package:
 * `li2022-detector.safetensors`, and `li2022-matcher.safetensors`, without which keypoints are only detected.
 */
export const li2022Method: KeypointMethodFactory = async ({ weights }) => {
  const detector = findFile([weights, shipped], 'li2022-detector.safetensors');
  if (detector === null)
    return { absent: 'li2022-detector.safetensors is neither shipped nor in a folder of --weights' };
  const matcher = findFile([weights, shipped], 'li2022-matcher.safetensors');
  return networksMethod({
    name: 'li2022',
    detector: decodeDetector(await readFile(detector)),
    matcher: matcher === null ? null : decodeMatcher(await readFile(matcher)),
  });
};
