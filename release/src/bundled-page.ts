import { copyFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

const browserPath = '/usr/bin/chromium';

/** Bundles the trial's page with Vite as it is out of the box. @returns bytes of scripts, and of the engine beside them */
export async function bundlePage(folder: string): Promise<{ readonly scripts: number; readonly engine: number }> {
  const root = join(folder, 'page');
  await build({ root, base: './', configFile: false, logLevel: 'error', build: { chunkSizeWarningLimit: 5000 } });
  const assets = join(root, 'dist/assets');
  const bytesOf = (ending: RegExp): number =>
    readdirSync(assets)
      .filter((name) => ending.test(name))
      .reduce((sum, name) => sum + statSync(join(assets, name)).size, 0);
  return { scripts: bytesOf(/\.m?js$/), engine: bytesOf(/\.wasm$/) };
}

/** What the bundled page makes of the pair that lies in the folder; null where Chromium is not installed. */
export async function runPage(folder: string): Promise<{ readonly verdict: string } | null> {
  if (!existsSync(browserPath)) return null;
  const root = join(folder, 'page');
  for (const name of ['reference.tif', 'sensed.tif']) copyFileSync(join(folder, name), join(root, 'dist', name));
  const server = await preview({ root, configFile: false, logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } });
  try {
    await using browser = await chromium.launch({
      executablePath: browserPath,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    const tab = await browser.newPage();
    const errors: string[] = [];
    tab.on('pageerror', (error) => errors.push(error.message));
    await tab.goto(server.resolvedUrls!.local[0]!);
    await tab.waitForFunction('globalThis.registered !== undefined', undefined, { timeout: 20_000 }).catch(() => {
      throw new Error(`the page did not start: ${errors.join('; ')}`);
    });
    return await tab.evaluate<{ readonly verdict: string }>('globalThis.registered');
  } finally {
    await server.close();
  }
}
