import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};

/** A plain web server of a folder: ranges, any origin, no headers that isolate. */
export interface StaticServer extends AsyncDisposable {
  readonly url: string;
  /** Bytes of files that were sent. */
  sent(): number;
}

/** Serves a folder. */
export async function serveFolder(folder: string): Promise<StaticServer> {
  let sent = 0;
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'range');
    response.setHeader('access-control-expose-headers', 'content-range');
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = join(folder, pathname === '/' ? 'index.html' : decodeURIComponent(pathname));
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    if (!existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const { size } = statSync(path);
    const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const [first, last] = match ? [Number(match[1]), Math.min(size - 1, Number(match[2] || size - 1))] : [0, size - 1];
    const range = match ? { 'content-range': `bytes ${first}-${last}/${size}` } : {};
    response.writeHead(match ? 206 : 200, {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      ...range,
    });
    sent += last - first + 1;
    createReadStream(path, { start: first, end: last }).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    sent: () => sent,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
