import { TiepointError } from '@tiepoint/geometry';
import type { ByteSource } from './byte-source.js';
import { type Environment, environmentNow } from './environment.js';
import { environmentHeaders } from './http-headers.js';
import { type HttpSourceOptions, openHttpSource } from './http-source.js';
import { publicUrl } from './public-url.js';
import { withHeaders } from './stores/object-store.js';
import { objectStores } from './stores/stores.js';

/**
 * Opens a URL of a web server or an object store, with the headers and keys that the environment has for it.
 * @throws {TiepointError} As `openHttpSource`, and `invalid-option` for an environment that makes no sense.
 */
export async function openUrl(location: string, options: HttpSourceOptions): Promise<ByteSource> {
  const { url, fetch: request } = await accessTo(location, options);
  const source = await openHttpSource(url, { ...options, fetch: request, shownAs: publicUrl(location) });
  // By this name other threads open it again: they have the same environment.
  return { ...source, location };
}

/** Where a location is asked for, and the `fetch` that is let in. */
export async function accessTo(
  location: string,
  options: HttpSourceOptions,
): Promise<{ readonly url: string; readonly fetch: typeof fetch }> {
  const environment: Environment = options.environment === false ? {} : environmentNow();
  const base = options.fetch ?? fetch;
  const everywhere = await environmentHeaders(environment);
  const [, scheme, bucket, key] = /^(\w+):\/\/([^/]+)\/(.+)$/s.exec(location) ?? [];
  const store = objectStores.find((one) => location.toLowerCase().startsWith(`${one.scheme}://`));
  if (store === undefined) {
    return { url: location, fetch: Object.keys(everywhere).length === 0 ? base : withHeaders(base, everywhere) };
  }
  if (scheme === undefined) {
    throw new TiepointError('file-not-found', `${publicUrl(location)}: names no object`, {
      hint: `Objects are named ${store.scheme}://bucket/key.`,
      value: publicUrl(location),
    });
  }
  const isSilent = options.environment === false || store.prepare === undefined;
  const prepared = isSilent ? environment : await store.prepare(environment);
  const { url, authorise } = store.locate(bucket!, key!, prepared);
  // Headers of the environment first: what the store signs stands above them.
  return {
    url,
    fetch: authorise === undefined ? withHeaders(base, everywhere) : authorise(withEarlier(base, everywhere)),
  };
}

/** The same requests with headers that others may stand above. */
function withEarlier(base: typeof fetch, headers: Readonly<Record<string, string>>): typeof fetch {
  return (input, init) =>
    base(input, { ...init, headers: { ...headers, ...Object.fromEntries(new Headers(init?.headers)) } });
}
