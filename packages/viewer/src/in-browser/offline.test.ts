import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtPage, hasBrowser, launchBrowser, openPage, patience } from './open-viewer.js';
import { serveFolder } from './static-server.js';

describe.skipIf(!hasBrowser)('the page from a plain web server', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, patience);
  afterAll(() => browser?.close());

  it(
    'is isolated by its service worker, light to load, and there without a network',
    async () => {
      const server = await serveFolder(builtPage);
      const { page } = await openPage(browser, server.url);
      await page.waitForFunction('crossOriginIsolated');
      await page.locator('#threads', { hasText: 'Two threads' }).waitFor();
      // Uncompressed, and all that is kept for later among it.
      expect(server.sent()).toBeLessThan(6e6);
      await page.locator('[data-example=elevation]').click();
      await page.locator('#register:not([disabled])').waitFor();
      await server[Symbol.asyncDispose]();
      await page.reload();
      await page.locator('[data-example=elevation]').waitFor();
      expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    },
    patience,
  );
});
