import { TiepointError } from '@tiepoint/geometry';
import type { ByteSource } from './byte-source.js';
import { publicUrl } from './public-url.js';

/** What a URL source is told beside the URL. */
export interface HttpSourceOptions {
  /** Sent with every request, for example `authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The most that is downloaded whole from a server that ignores ranges. Default 256 MiB. */
  readonly maxWholeBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Receives a sentence when something is degraded, such as a server without ranges. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Stands in for the platform's `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** False leaves out the headers and keys that the environment has for servers. Default true. */
  readonly environment?: boolean | undefined;
}

/** Requests are rounded out to blocks of this many bytes, and blocks are kept, so that headers cost one request. */
const blockBytes = 32 * 1024;
/** Blocks kept for reuse: 4 MiB. */
const keptBlocks = 128;

/**
 * Opens a URL by range requests. A server that ignores ranges is read whole, up to `maxWholeBytes`, with a warning.
 * @throws {TiepointError} `url-unreadable`, `file-not-found` (404), `url-ranges-unsupported` (no ranges and too large).
 */
export async function openHttpSource(
  url: string,
  options: HttpSourceOptions & {
    /** Its name in messages; default: the URL without what may be a secret. */
    readonly shownAs?: string | undefined;
  } = {},
): Promise<ByteSource> {
  const name = options.shownAs ?? publicUrl(url);
  const request = options.fetch ?? fetch;
  const cap = options.maxWholeBytes ?? 256 * 1024 * 1024;
  const get = async (first: number, last: number, signal?: AbortSignal): Promise<Response> => {
    try {
      return await request(url, {
        headers: { ...options.headers, range: `bytes=${first}-${last}` },
        signal: signal ?? null,
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new TiepointError('url-unreadable', `${name}: ${describe(cause).replaceAll(url, name)}`, {
        hint: 'Check the address and the network; in a browser the server must also allow cross-origin requests.',
        value: name,
      });
    }
  };
  const first = await get(0, blockBytes - 1, options.signal);
  if (first.status === 416) {
    await first.body?.cancel();
    return wholeSource(url, name, new Uint8Array(0));
  }
  if (first.status !== 206) {
    if (!first.ok) throw await refused(name, first);
    options.onWarning?.(`${name}: the server ignores range requests, so the whole file is downloaded`);
    return wholeSource(url, name, await readCapped(name, first, cap));
  }
  const size = totalSize(first.headers.get('content-range'));
  if (size === null) {
    await first.body?.cancel();
    throw new TiepointError('url-unreadable', `${name}: the server does not say how long the file is`, {
      hint: 'The server must answer range requests with a Content-Range header (exposed by CORS in a browser).',
      value: first.headers.get('content-range'),
    });
  }
  return rangedSource(url, name, size, await readCapped(name, first, blockBytes), get);
}

function rangedSource(
  url: string,
  name: string,
  size: number,
  head: Uint8Array,
  get: (first: number, last: number, signal?: AbortSignal) => Promise<Response>,
): ByteSource {
  const kept = new Map<number, Uint8Array>([[0, head]]);
  const keep = (index: number, block: Uint8Array): void => {
    kept.set(index, block);
    if (kept.size > keptBlocks) {
      const oldest = kept.keys().next().value;
      if (oldest !== undefined) kept.delete(oldest);
    }
  };
  const fetchRange = async (offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> => {
    const response = await get(offset, offset + length - 1, signal);
    if (response.status !== 206) throw await refused(name, response);
    return readCapped(name, response, length);
  };
  return {
    name,
    location: url,
    size,
    read: async (offset, length, signal) => {
      const end = Math.min(size, offset + length);
      if (end <= offset) return new Uint8Array(0);
      // Long reads are tile data: they are asked for exactly and not kept.
      if (end - offset > blockBytes) return fetchRange(offset, end - offset, signal);
      const out = new Uint8Array(end - offset);
      const firstBlock = Math.floor(offset / blockBytes);
      const lastBlock = Math.floor((end - 1) / blockBytes);
      for (let index = firstBlock; index <= lastBlock; index++) {
        let block = kept.get(index);
        if (!block) {
          block = await fetchRange(index * blockBytes, Math.min(blockBytes, size - index * blockBytes), signal);
          keep(index, block);
        }
        const from = Math.max(offset, index * blockBytes);
        const to = Math.min(end, index * blockBytes + block.byteLength);
        if (to > from) out.set(block.subarray(from - index * blockBytes, to - index * blockBytes), from - offset);
      }
      return out;
    },
    close: async () => {},
  };
}

function wholeSource(url: string, name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    location: url,
    size: bytes.byteLength,
    read: async (offset, length) => bytes.subarray(offset, Math.min(bytes.byteLength, offset + length)),
    close: async () => {},
  };
}

/** Reads a body in pieces, so that a server's claim about its length is never believed. */
async function readCapped(name: string, response: Response, cap: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  if (response.body) {
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.byteLength;
      if (length > cap) {
        await reader.cancel();
        throw new TiepointError(
          'url-ranges-unsupported',
          `${name}: the server ignores range requests, and the file is larger than ${cap} bytes`,
          { hint: 'Download the file first, or serve it from a server that supports range requests.', value: cap },
        );
      }
      pieces.push(value);
    }
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

async function refused(name: string, response: Response): Promise<TiepointError> {
  await response.body?.cancel();
  const missing = response.status === 404 || response.status === 410;
  return new TiepointError(
    missing ? 'file-not-found' : 'url-unreadable',
    `${name}: the server answered ${response.status} ${response.statusText}`.trim(),
    {
      hint: missing ? 'Check the address.' : 'Check the address and whether it needs credentials.',
      value: response.status,
    },
  );
}

function totalSize(contentRange: string | null): number | null {
  const match = /\/(\d+)\s*$/.exec(contentRange ?? '');
  return match ? Number(match[1]) : null;
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message} (${cause.cause.message})` : cause.message;
}
