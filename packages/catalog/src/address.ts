import { TiepointError } from '@tiepoint/geometry';
import { isUrl } from '@tiepoint/raster';

// Browsers have no paths.
const inNode = typeof process !== 'undefined' && Boolean(process.versions?.node);
const node = inNode ? { path: await import('node:path'), url: await import('node:url') } : null;

/**
 * An address that a document names, as seen from the document: a URL or an absolute path.
 *
 * @throws TiepointError `invalid-manifest` in browsers, where it is a path
 */
export function resolveAddress(href: string, base: string): string {
  if (isUrl(href)) return href;
  if (isUrl(base) && !href.startsWith('file:')) return new URL(href, base).href;
  if (node === null) {
    throw new TiepointError('invalid-manifest', `${base} names ${href}, a file that a page cannot look for`, {
      hint: 'Drop that file instead, or open the document by its web address.',
      value: href,
    });
  }
  if (href.startsWith('file:')) return node.url.fileURLToPath(href);
  return node.path.isAbsolute(href) ? href : node.path.resolve(node.path.dirname(base), href);
}
