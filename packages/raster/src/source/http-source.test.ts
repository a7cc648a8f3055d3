import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { translation } from '@tiepoint/geometry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCog } from '../formats/geotiff/write/create-cog.js';
import { openRaster } from '../formats/open-raster.js';
import { writeWarpedVrt } from '../warp/warped-vrt.js';

const folder = mkdtempSync(join(tmpdir(), 'http-'));
let server: Server;
let base: string;
let bytes: Buffer;
let sent = 0;
let requests = 0;

beforeAll(async () => {
  const path = join(folder, 'a.tif');
  const size = 2048;
  const data = Uint16Array.from({ length: size * size }, (_, i) => (i * 2654435761) >>> 17);
  await using writer = await createCog(path, {
    width: size,
    height: size,
    bandCount: 1,
    dataType: 'uint16',
    tileSize: 256,
  });
  await writer.write({ rows: size, data: [data] });
  await writer.finish();
  bytes = readFileSync(path);
  server = createServer((request, response) => {
    requests++;
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
    if (request.url?.startsWith('/missing')) {
      response.writeHead(404).end();
    } else if (request.url === '/whole' || !range) {
      response.writeHead(200).end(bytes);
    } else {
      const [first, last] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)];
      sent += last - first + 1;
      response.writeHead(206, { 'content-range': `bytes ${first}-${last}/${bytes.length}` });
      response.end(bytes.subarray(first, last + 1));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

describe('over HTTP', () => {
  test('only what a window needs is fetched', async () => {
    await using local = await openRaster(join(folder, 'a.tif'));
    sent = requests = 0;
    await using file = await openRaster(`${base}/ranges`);
    expect([requests, sent]).toEqual([1, 32768]);
    const window = { x: 300, y: 520, width: 200, height: 180 };
    const read = await file.readWindow({ window });
    expect(read.data).toEqual((await local.readWindow({ window })).data);
    // The window lies in one tile of 256² samples of two bytes, which hardly compress.
    expect(requests).toBeLessThanOrEqual(3);
    expect(sent).toBeLessThan(32768 + 150_000);
    const before = sent;
    await file.readPlane({ width: 128 });
    // The smallest overview, 256², is about as large; the full image would be 8 MB.
    expect(sent - before).toBeLessThan(200_000);
  });

  test('a server without ranges is read whole, with a warning, up to a cap', async () => {
    await using file = await openRaster(`${base}/whole`);
    expect(file.warnings.join()).toMatch(/ignores range requests/);
    expect(file.width).toBe(2048);
    await expect(openRaster(`${base}/whole`, { http: { maxWholeBytes: 100_000 } })).rejects.toMatchObject({
      code: 'url-ranges-unsupported',
      hint: expect.stringContaining('Download'),
    });
  });

  test('what may be a secret in a URL stands in no name, message or file', async () => {
    const signed = base.replace('//', '//user:SECRET@') + '/ranges?sig=SECRET#SECRET';
    const asked: string[] = [];
    const http = {
      fetch: (url: string | URL | Request, init?: RequestInit) => {
        asked.push(String(url));
        return fetch(`${base}/ranges`, init);
      },
    };
    await using file = await openRaster(signed, { http });
    expect(file.name).toBe(`${base}/ranges`);
    // A fragment is for whoever opens the file, never for the server.
    expect(asked.every((url) => url === signed.replace('#SECRET', ''))).toBe(true);
    const sensedToReference = translation(0, 0);
    await writeWarpedVrt(file, join(folder, 'warped.vrt'), { sensedToReference, reference: file });
    const vrt = readFileSync(join(folder, 'warped.vrt'), 'utf8');
    expect(vrt).toContain(`>/vsicurl/${base}/ranges<`);
    expect(vrt).not.toContain('SECRET');
    for (const url of [`${base}/missing?sig=SECRET`, 'http://127.0.0.1:9/x.tif?sig=SECRET', 'http://[bad?sig=SECRET']) {
      const error: unknown = await openRaster(url).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: expect.stringMatching(/file-not-found|url-unreadable/) });
      const { message, hint, value } = error as { message: string; hint: string; value: unknown };
      expect(JSON.stringify([message, hint, value])).not.toContain('SECRET');
    }
  });

  test('what is missing or unreachable is an error', async () => {
    await expect(openRaster(`${base}/missing`)).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(openRaster('http://127.0.0.1:9/x.tif')).rejects.toMatchObject({ code: 'url-unreadable' });
    await expect(openRaster(`${base}/ranges`, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

test('a window of a blob or of a file touches few of its bytes', async () => {
  await using file = await openRaster(new Blob([new Uint8Array(bytes)]));
  const { data } = await file.readWindow({ window: { x: 0, y: 0, width: 3, height: 1 } });
  expect(data[0]![1]).toBe((2654435761 >>> 17) & 0xffff);
});
