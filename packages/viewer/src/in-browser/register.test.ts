import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import { createEngine } from '@tiepoint/matching';
import { openRaster } from '@tiepoint/raster';
import type { Browser, Page } from 'playwright-core';
import { register as registerInNode, type Registration } from 'tiepoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  builtPage,
  exported,
  hasBrowser,
  launchBrowser,
  openPage,
  patience,
  register,
  view,
  type Viewing,
} from './open-viewer.js';

describe.skipIf(!hasBrowser)('an example in the viewer', () => {
  let browser: Browser;
  let viewing: Viewing;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    viewing = await view();
    browser = await launchBrowser();
    ({ page, complaints } = await openPage(browser, viewing.url));
    await page.locator('[data-example=elevation]').click();
  }, 2 * patience);
  afterAll(async () => {
    await browser?.close();
    viewing?.[Symbol.dispose]();
  });

  it(
    'is registered as in Node by the same engine, and told in words',
    async () => {
      expect(await page.evaluate('crossOriginIsolated')).toBe(true);
      const verdict = await register(page);
      const solution = JSON.parse(String(await exported(page, 'solution'))) as Registration;
      await using engine = createEngine({ backend: 'wasm' });
      const example = join(builtPage, 'examples', 'elevation');
      await using reference = await openRaster(join(example, 'reference.tif'));
      await using sensed = await openRaster(join(example, 'sensed.tif'));
      const { registration } = await registerInNode(reference, sensed, { engine });
      expect([verdict, solution.verdict]).toEqual(['accept', registration.verdict]);
      expect(solution.findings.map(({ code }) => code)).toEqual(registration.findings.map(({ code }) => code));
      const matrix = registration.sensedToReference!.flat();
      const worst = Math.max(...solution.sensedToReference!.flat().map((v, i) => Math.abs(v - matrix[i]!)));
      expect(worst).toBeLessThan(1e-6);
      expect(await page.locator('.verdict').innerText()).toContain(registration.reasons[0]!);
      expect(complaints).toEqual([]);
    },
    3 * patience,
  );

  it(
    'has nothing serious that axe finds, light or dark',
    async () => {
      await page.evaluate(axe.source);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate<AxeResults>('axe.run()');
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      }
    },
    patience,
  );
});
