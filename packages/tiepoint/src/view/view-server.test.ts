import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestedRange } from './send-file.js';
import { startViewServer, type ViewServer } from './view-server.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-view-'));
const page = join(folder, 'page');
mkdirSync(page);
writeFileSync(join(page, 'index.html'), '<p>page</p>');
writeFileSync(join(folder, 'image.tif'), 'ABCDEFGH');
writeFileSync(join(folder, 'secret.txt'), 'secret');

let server: ViewServer;
beforeAll(async () => {
  server = await startViewServer({ page, files: [join(folder, 'image.tif')], served: { images: [] } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

interface Got {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A request as no browser would change it: paths stay as they are. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, text, headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the server of the viewer', () => {
  it('opens once, and answers nothing without its cookie', async () => {
    expect((await get('/')).status).toBe(403);
    expect((await get('/files/0')).status).toBe(403);
    expect((await get('/open/guess')).status).toBe(403);
    const { pathname } = new URL(server.url);
    const opened = await get(pathname);
    expect([opened.status, opened.headers['location']]).toEqual([303, '/']);
    const [set] = opened.headers['set-cookie'] as string[];
    expect(set).toContain('HttpOnly; SameSite=Strict');
    const cookie = set!.split(';')[0]!;
    expect((await get(pathname)).status).toBe(403);
    const index = await get('/', { cookie });
    expect([index.status, index.text]).toEqual([200, '<p>page</p>']);
    expect(index.headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(index.headers['cross-origin-embedder-policy']).toBe('require-corp');
    expect((await get('/served.json', { cookie })).text).toBe('{"images":[]}');
    const part = await get('/files/0', { cookie, range: 'bytes=2-4' });
    expect([part.status, part.text, part.headers['content-range']]).toEqual([206, 'CDE', 'bytes 2-4/8']);
    expect((await get('/files/0', { cookie, range: 'bytes=9-' })).status).toBe(416);
    expect((await get('/files/0', { cookie }, 'HEAD')).headers['content-length']).toBe('8');
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/files/1',
      '/files/..%2fsecret.txt',
      '/..%2fimage.tif',
    ]) {
      const { status, text } = await get(path, { cookie });
      expect([path, status, text]).toEqual([path, 404, 'Not found.\n']);
    }
    expect((await get('/', { cookie, host: `evil.example:${server.port}` })).status).toBe(421);
    expect((await get('/files/0', { cookie }, 'POST')).status).toBe(405);
  });

  it('reads ranges as the standard has them', () => {
    expect(requestedRange(undefined, 10)).toBeNull();
    expect(requestedRange('bytes=0-3', 10)).toEqual({ first: 0, last: 3 });
    expect(requestedRange('bytes=4-', 10)).toEqual({ first: 4, last: 9 });
    expect(requestedRange('bytes=-3', 10)).toEqual({ first: 7, last: 9 });
    expect(requestedRange('bytes=5-90', 10)).toEqual({ first: 5, last: 9 });
    expect(requestedRange('bytes=10-', 10)).toBe('unsatisfiable');
    expect(requestedRange('bytes=0-1,4-5', 10)).toBeNull();
  });
});
