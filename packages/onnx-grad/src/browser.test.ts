import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainSmall } from './small-training.test.program.js';

const browserPath = '/usr/bin/chromium';
const installed = existsSync(browserPath);
if (!installed)
  process.stderr.write('Chromium is not installed (apt-get install chromium): the run in a browser is skipped\n');

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

// What a bundler would do: the package as it is published, and onnxruntime-web under its name.
const page = `<!doctype html><script type="importmap">
{ "imports": { "onnxruntime-web/wasm": "/ort/ort.wasm.bundle.min.mjs", "onnxruntime-web": "/ort/ort.bundle.min.mjs" } }
</script>`;

let server: Server;
let address: string;
beforeAll(async () => {
  const folders: [string, URL][] = [
    ['/dist/', new URL('../dist/', import.meta.url)],
    ['/ort/', new URL('.', import.meta.resolve('onnxruntime-web/wasm'))],
  ];
  server = createServer((request, response) => {
    const url = request.url ?? '/';
    const [prefix, folder] = folders.find(([start]) => url.startsWith(start)) ?? [];
    if (prefix === undefined || folder === undefined) {
      response.writeHead(url === '/' ? 200 : 404, { 'content-type': 'text/html' }).end(url === '/' ? page : '');
      return;
    }
    readFile(fileURLToPath(new URL(url.slice(prefix.length), folder)))
      .then((bytes) => response.writeHead(200, { 'content-type': types[extname(url)] ?? 'text/plain' }).end(bytes))
      .catch(() => response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => server.close());

describe('the same seeded training run', () => {
  it.skipIf(!installed)('gives the same losses in Node natively, in Node by wasm and in Chromium', async () => {
    const native = await trainSmall('node');
    const wasm = await trainSmall('wasm');
    await using browser = await chromium.launch({
      executablePath: browserPath,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    const tab = await browser.newPage();
    const errors: string[] = [];
    tab.on('pageerror', (error) => errors.push(error.message));
    await tab.goto(address);
    const inBrowser = (await tab.evaluate(
      `import('/dist/small-training.test.program.js').then(({ trainSmall }) => trainSmall('wasm'))`,
    )) as typeof native;
    expect(errors).toEqual([]);
    expect([native.backend, wasm.backend, inBrowser.backend]).toEqual(['node', 'wasm', 'wasm']);
    expect(native.losses.at(-1)!).toBeLessThan(native.losses[0]!);
    for (const [i, loss] of native.losses.entries()) {
      expect(Math.abs(wasm.losses[i]! - loss) / loss, `step ${i}, wasm`).toBeLessThan(1e-4);
      expect(Math.abs(inBrowser.losses[i]! - loss) / loss, `step ${i}, Chromium`).toBeLessThan(1e-4);
    }
  });
});
