import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isUrl } from '@tiepoint/raster';

/** An address that a document names, as seen from the document: a URL or an absolute path. */
export function resolveAddress(href: string, base: string): string {
  if (isUrl(href)) return href;
  if (href.startsWith('file:')) return fileURLToPath(href);
  if (isUrl(base)) return new URL(href, base).href;
  return isAbsolute(href) ? href : resolve(dirname(base), href);
}
