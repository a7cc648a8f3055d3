import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { publicUrl, requestHeaders } from '@tiepoint/raster';
import { resolveAddress } from './address.js';
import { parseStac, type ReadItem, type StacDocument, type StacLinkRead } from './stac.js';

/** How much of a catalogue is read. */
export interface ReadItemsOptions {
  /** The most items; default 10,000. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How long a server may take to answer, ms. */
const patience = 60_000;
/** The most that a document may hold, bytes. */
const maxBytes = 256 * 1024 * 1024;

interface StacRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> | null;
}

function unreadable(url: string, why: string, value: unknown, cause?: unknown): TiepointError {
  // Its query may be a secret.
  const address = publicUrl(url);
  return new TiepointError('url-unreadable', `${address}: ${why}`, {
    hint: 'Check the address, the network, and whether it needs credentials.',
    value,
    cause,
  });
}

async function fetchJson(
  { url, method, headers, body }: StacRequest,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const timeout = AbortSignal.timeout(patience);
  let answer: Response;
  try {
    answer = await fetch(url, {
      method,
      headers: {
        accept: 'application/geo+json, application/json',
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...(await requestHeaders()),
        ...headers,
      },
      body: body === null ? null : JSON.stringify(body),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw unreadable(url, 'cannot be read', publicUrl(url), cause);
  }
  if (!answer.ok) {
    await answer.body?.cancel();
    throw unreadable(url, `the server answered ${answer.status} ${answer.statusText}`.trim(), answer.status);
  }
  const text = await answer.text();
  if (text.length > maxBytes) throw unreadable(url, 'is too large', text.length);
  return parseJson(text, url);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TiepointError('invalid-manifest', `${source}: is not JSON`, { value: source, cause });
  }
}

async function readFileJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new TiepointError('file-not-found', `${path}: cannot be read (${(cause as Error).message})`, {
      value: path,
      cause,
    });
  });
  return parseJson(text, path);
}

/** A link as a request: with STAC's method, headers and body, which may build on those of the request before. */
function requestOf(link: StacLinkRead, base: string, before: StacRequest | null): StacRequest {
  const method = link.method?.toUpperCase() ?? 'GET';
  const headers = Object.fromEntries(Object.entries(link.headers ?? {}).map(([name, value]) => [name, String(value)]));
  const merged = link.merge === true ? { ...before?.body, ...link.body } : (link.body ?? null);
  return { url: resolveAddress(link.href, base), method, headers, body: method === 'POST' ? merged : null };
}

async function* follow(
  request: StacRequest,
  signal: AbortSignal | undefined,
  seen: Set<string>,
): AsyncGenerator<ReadItem> {
  for (let at: StacRequest | null = request; at !== null;) {
    // A catalogue whose links run in a circle ends where it began.
    const key = JSON.stringify(at);
    if (seen.has(key)) return;
    seen.add(key);
    const value: unknown = /^https?:/i.test(at.url) ? await fetchJson(at, signal) : await readFileJson(at.url);
    const document: StacDocument = parseStac(value, at.url);
    if (document.kind === 'item') {
      yield document.item;
      return;
    }
    if (document.kind === 'catalog') {
      for (const link of document.links) {
        if (link.rel === 'item' || link.rel === 'child') yield* follow(requestOf(link, at.url, null), signal, seen);
      }
      return;
    }
    yield* document.items;
    const next: StacLinkRead | undefined = document.links.find(({ rel }) => rel === 'next');
    at = next === undefined ? null : requestOf(next, at.url, at);
  }
}

async function collect(
  request: StacRequest,
  { limit = 10_000, signal }: ReadItemsOptions,
): Promise<readonly ReadItem[]> {
  const items: ReadItem[] = [];
  for await (const item of follow(request, signal, new Set())) {
    items.push(item);
    if (items.length >= limit) break;
  }
  return items;
}

/**
 * Reads the items of a document: an item, an item collection with its further pages, or a collection or catalogue with all below it.
 *
 * @param source - a path or a URL
 * @throws TiepointError `file-not-found`, `url-unreadable`, `invalid-manifest`
 */
export function readItems(source: string, options: ReadItemsOptions = {}): Promise<readonly ReadItem[]> {
  const url = /^https?:/i.test(source) ? source : resolve(source);
  return collect({ url, method: 'GET', headers: {}, body: null }, options);
}

/** What a STAC API is asked for. */
export interface StacSearch {
  readonly collections?: readonly string[] | undefined;
  /** West, south, east, north, degrees. */
  readonly bbox?: readonly number[] | undefined;
  /** A time or an interval, RFC 3339. */
  readonly datetime?: string | undefined;
}

/**
 * Searches a STAC API, page by page.
 *
 * @param api - its landing page, or its `search`
 * @throws TiepointError `url-unreadable`, `invalid-manifest`
 */
export function searchItems(
  api: string,
  search: StacSearch,
  options: ReadItemsOptions = {},
): Promise<readonly ReadItem[]> {
  const url = /\/search\/?$/.test(api) ? api : `${api.replace(/\/$/, '')}/search`;
  const body = Object.fromEntries(
    Object.entries({ ...search, limit: Math.min(options.limit ?? 10_000, 100) }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return collect({ url, method: 'POST', headers: {}, body }, options);
}
