import { existsSync, statSync } from 'node:fs';
import { extname, join, normalize, sep } from 'node:path';

/** What the page of the viewer is sent with. */
export const pageHeaders: Readonly<Record<string, string>> = {
  // Threads need an isolated page.
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
    "img-src 'self' data: blob:; connect-src 'self' data: blob: https: http:; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** The media type of a file of the page, by the ending of its name. */
export function contentTypeOf(path: string): string {
  return types[extname(path)] ?? 'application/octet-stream';
}

/**
 * The file of the page that a path of a request names; null where it names none.
 *
 * @param page - the page's folder; @param path - decoded, from `/`
 */
export function pageFile(page: string, path: string): string | null {
  const file = normalize(join(page, path === '/' ? 'index.html' : path));
  return file.startsWith(page + sep) && existsSync(file) && statSync(file).isFile() ? file : null;
}
