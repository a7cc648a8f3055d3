import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { isUrl } from '@tiepoint/raster';

/** Where an image lies that a document names: as named, or seen from the document's own folder. */
export function findSource(source: string, document: string): string {
  // What follows the sign says which band of a product is meant.
  const exists = (path: string): boolean => existsSync(path) || existsSync(path.replace(/#[^#]*$/, ''));
  if (isUrl(source) || isAbsolute(source) || exists(source)) return source;
  const beside = resolve(dirname(document), source);
  return exists(beside) ? beside : source;
}
