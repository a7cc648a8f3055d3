import { TiepointError } from '@tiepoint/geometry';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { ManifestRow } from './row.js';

/**
 * The rows of images named by paths, URLs and globs, each against one reference, in order of their names.
 *
 * @throws TiepointError `usage` where a glob finds nothing
 */
export async function rowsOfGlobs(patterns: readonly string[], reference: string): Promise<readonly ManifestRow[]> {
  const images = new Set<string>();
  for (const pattern of patterns) for (const path of await expand(pattern)) images.add(path);
  images.delete(reference);
  return [...images].map((sensed) => ({ place: sensed, values: { reference, sensed } }));
}

async function expand(pattern: string): Promise<readonly string[]> {
  if (/^https?:/i.test(pattern) || !isDynamicPattern(pattern)) return [pattern];
  const found = await glob(pattern.replaceAll('\\', '/'), { expandDirectories: false, onlyFiles: true });
  if (found.length === 0) {
    throw new TiepointError('usage', `${pattern}: no file has such a name`, {
      hint: 'Quote the pattern, and look whether it is seen from the right folder.',
      value: pattern,
    });
  }
  return found.toSorted();
}
