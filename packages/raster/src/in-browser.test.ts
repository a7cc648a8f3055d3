import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { openRaster } from './formats/open-raster.js';

const chromiumPath = '/usr/bin/chromium';
if (!existsSync(chromiumPath))
  process.stderr.write('note: chromium is not installed; the test in a browser is skipped\n');

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
const built = fileURLToPath(new URL('../dist/browser.js', import.meta.url));
const wasm = fileURLToPath(new URL('../../../node_modules/lerc/lerc-wasm.wasm', import.meta.url));

/** What the page gives back of a file. */
type Seen = Record<string, { width: number; bands: number; code: string | null; samples: number[] }>;

test.skipIf(!existsSync(chromiumPath))('a browser reads every fixture from a Blob as Node reads it', async () => {
  const names = readdirSync(fixtures).filter((name) => name.endsWith('.tif'));
  const folder = mkdtempSync(join(tmpdir(), 'browser-'));
  const entry = join(folder, 'entry.js');
  writeFileSync(
    entry,
    `import { openRaster } from ${JSON.stringify(built)};
    window.readAll = async (names) => {
      const out = {};
      for (const name of names) {
        const blob = await (await fetch('/fixtures/' + name)).blob();
        const file = await openRaster(blob);
        const { data } = await file.readWindow({ bands: [1] });
        const code = file.georeference?.crs?.code ?? null;
        out[name] = { width: file.width, bands: file.bands.length, code, samples: Array.from(data[0]) };
      }
      return out;
    };`,
  );
  const bundle = await rolldown({ input: entry, platform: 'browser', logLevel: 'silent' });
  await bundle.write({ dir: join(folder, 'out'), format: 'esm' });
  await bundle.close();
  const files = new Map(readdirSync(join(folder, 'out')).map((name) => [`/${name}`, join(folder, 'out', name)]));
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    const path = url.endsWith('.wasm')
      ? wasm
      : url.startsWith('/fixtures/')
        ? fixtures + basename(url)
        : files.get(url);
    if (url === '/')
      response.writeHead(200, { 'content-type': 'text/html' }).end('<script type="module" src="/entry.js"></script>');
    else if (!path) response.writeHead(404).end();
    else {
      const type = path.endsWith('.js')
        ? 'text/javascript'
        : path.endsWith('.wasm')
          ? 'application/wasm'
          : 'image/tiff';
      response.writeHead(200, { 'content-type': type }).end(readFileSync(path));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('window.readAll', undefined, { timeout: 20_000 });
    const seen = (await page.evaluate(`window.readAll(${JSON.stringify(names)})`)) as Seen;
    for (const name of names) {
      await using file = await openRaster(fixtures + name);
      const own = (await file.readWindow({ bands: [1] })).data[0]!;
      const theirs = seen[name]!;
      expect([theirs.width, theirs.bands, theirs.code]).toEqual([
        file.width,
        file.bands.length,
        file.georeference?.crs?.code,
      ]);
      expect(theirs.code).toMatch(name === 'rpc.tif' ? /EPSG:4326/ : /EPSG:32633/);
      // Lossy codecs round differently in the browser.
      const tolerance = /jpeg|webp/.test(name) ? 6 : 0;
      const worst = Math.max(...theirs.samples.map((value, i) => Math.abs(value - own[i]!)));
      expect(worst, name).toBeLessThanOrEqual(tolerance);
    }
    // The bundle carries no part of sharp.
    for (const path of files.values()) expect(readFileSync(path, 'utf8')).not.toMatch(/libvips/);
  } finally {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  }
});
