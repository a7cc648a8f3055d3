import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageFile, pageHeaders } from './page-response.js';
import { sendFile } from './send-file.js';

/** What is served: the page's folder, files by the paths they get, and a document. */
export interface ViewServerOptions {
  readonly page: string;
  /** Paths of local files; the i-th is served as `files/i`. Nothing else can be read. */
  readonly files: readonly string[];
  /** Served as `served.json`. */
  readonly served: unknown;
  /** 0, the default, takes any that is free. */
  readonly port?: number | undefined;
}

/** A server on this machine for one person's browser. */
export interface ViewServer extends AsyncDisposable {
  /** Opens the page, once: whoever opens it holds the only key. */
  readonly url: string;
  readonly port: number;
}

function isSame(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** The value of a cookie of a request; empty where there is none. */
function cookieOf(request: IncomingMessage, name: string): string {
  const all = (request.headers.cookie ?? '').split(';').map((part) => part.trim());
  return all.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

/** Answers requests of the browser that holds the key. */
async function answer(
  { page, files, served }: ViewServerOptions,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (path === '/served.json') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(served));
    return;
  }
  const named = /^\/files\/(\d+)$/.exec(path);
  const file = named ? files[Number(named[1])] : pageFile(page, path);
  if (file === undefined || file === null) refuse(response, 404, 'Not found.');
  else await sendFile(request, response, file);
}

/**
 * Serves the viewer's page and some files on 127.0.0.1. The address holds a key that is good for one opening; the browser gets a
 * cookie for it, and without that nothing is answered. Requests by another host name are refused, so that no web page can reach the
 * files by a name that points here.
 */
export async function startViewServer(options: ViewServerOptions): Promise<ViewServer> {
  const [token, secret] = [randomBytes(24).toString('base64url'), randomBytes(24).toString('base64url')];
  let spent = false;
  let port = 0;
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const cookie = `tiepoint-${port}`;
    if (![`127.0.0.1:${port}`, `localhost:${port}`].includes(request.headers.host ?? '')) {
      refuse(response, 421, 'Not this host.');
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(response, 405, 'Only reading is possible.');
    } else if (path.startsWith('/open/') && !spent && isSame(path.slice('/open/'.length), token)) {
      spent = true;
      const value = `${cookie}=${secret}; HttpOnly; SameSite=Strict; Path=/`;
      response.writeHead(303, { location: '/', 'set-cookie': value }).end();
    } else if (!isSame(cookieOf(request, cookie), secret)) {
      refuse(response, 403, 'This address was opened before, or not by the key that `tiepoint view` printed.');
    } else {
      answer(options, path, request, response).catch(() => {
        if (response.headersSent) response.destroy();
        else refuse(response, 500, 'The file cannot be read.');
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  ({ port } = server.address() as AddressInfo);
  return {
    url: `http://127.0.0.1:${port}/open/${token}`,
    port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
