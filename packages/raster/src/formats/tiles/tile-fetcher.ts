import { TiepointError } from '@tiepoint/geometry';
import type { HttpSourceOptions } from '../../source/http-source.js';
import { accessTo } from '../../source/open-url.js';
import { publicUrl } from '../../source/public-url.js';

/** Asks for tiles; null for one that is not there. */
export type FetchTile = (url: string, signal: AbortSignal | undefined) => Promise<Uint8Array | null>;

/** Tiles that are asked for at once: a map's server is shared. */
const atOnce = 4;
/** A server that has too much to do is asked again so often, after so long, ms, and twice as long each time. */
const tries = 4;
const patience = 400;
/** No tile is larger, bytes. */
const mostBytes = 32 * 1024 * 1024;

const busy = (status: number): boolean => status === 429 || status >= 500;
const absent = (status: number): boolean => status === 204 || status === 404 || status === 410;

/** Asks for tiles with what the environment has for servers, a few at once. @throws {TiepointError} `url-unreadable` */
export async function tileFetcher(template: string, http: HttpSourceOptions): Promise<FetchTile> {
  const access = await accessTo(template, http);
  let running = 0;
  const waiting: (() => void)[] = [];
  const turn = async (): Promise<void> => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
  };
  return async (url, signal) => {
    await turn();
    try {
      return await fetchTile(access.fetch, url, { ...http.headers }, signal);
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}

async function fetchTile(
  request: typeof fetch,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | null> {
  const name = publicUrl(url);
  for (let attempt = 1; ; attempt++) {
    const answer = await request(url, {
      // Servers of public maps want to know who asks.
      headers: { 'user-agent': 'tiepoint (https://github.com/tiepoint/tiepoint)', ...headers },
      signal: signal ?? null,
    }).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw unreadable(name, cause instanceof Error ? cause.message.replaceAll(url, name) : 'no answer', name);
    });
    if (answer.ok && !absent(answer.status)) {
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (bytes.length > mostBytes) throw unreadable(name, 'is larger than any tile', bytes.length);
      return bytes.length === 0 ? null : bytes;
    }
    await answer.body?.cancel();
    if (absent(answer.status)) return null;
    if (!busy(answer.status) || attempt === tries) {
      throw unreadable(name, `the server answered ${answer.status} ${answer.statusText}`.trim(), answer.status);
    }
    await new Promise((resolve) => setTimeout(resolve, patience * 2 ** (attempt - 1)));
    signal?.throwIfAborted();
  }
}

function unreadable(name: string, why: string, value: unknown): TiepointError {
  return new TiepointError('url-unreadable', `${name}: ${why}`, {
    hint: 'Check the address of the tiles, and whether it needs a key or a header (GDAL_HTTP_HEADERS).',
    value,
  });
}
