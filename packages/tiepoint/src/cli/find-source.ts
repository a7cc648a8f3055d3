import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';

/** Where an image lies that a document names: as named, or seen from the document's own folder. */
export function findSource(source: string, document: string): string {
  if (/^https?:/i.test(source) || isAbsolute(source) || existsSync(source)) return source;
  const beside = resolve(dirname(document), source);
  return existsSync(beside) ? beside : source;
}
