import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plane } from '@tiepoint/geometry';
import { createCog, openRaster } from '@tiepoint/raster';
import type { Browser, Page } from 'playwright-core';
import { transformToJson } from 'tiepoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  exported,
  hasBrowser,
  launchBrowser,
  openPage,
  patience,
  restingBox,
  stepPatience,
  view,
  type Viewing,
} from './open-viewer.js';
import { type ScenePair, sceneSide, writeScene } from './scenes.js';
import { serveFolder } from './static-server.js';

/** In four tiles, as Sentinel-2's own. */
const jpeg2000 = fileURLToPath(new URL('../../../raster/fixtures/tiles.jp2', import.meta.url));

/** Side of a Sentinel-2 tile at 10 m, px. */
const largeSide = 10_980;

/** Writes a large COG of stripes. */
async function writeLarge(path: string): Promise<void> {
  const size = { width: largeSide, height: largeSide, bandCount: 1, dataType: 'uint8', level: 1 } as const;
  await using writer = await createCog(path, size);
  const rows = 512;
  const strip = new Uint8Array(largeSide * rows);
  for (let x = 0; x < largeSide; x++) strip[x] = (x >> 4) % 250;
  for (let y = 1; y < rows; y++) strip.copyWithin(y * largeSide, 0, largeSide);
  for (let y = 0; y < largeSide; y += rows) {
    const count = Math.min(rows, largeSide - y);
    await writer.write({ rows: count, data: [strip.subarray(0, largeSide * count)] });
  }
  await writer.finish();
}

describe.skipIf(!hasBrowser)('a solution in the viewer', () => {
  let browser: Browser;
  let viewing: Viewing;
  let scene: ScenePair;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    scene = await writeScene();
    const input = (role: string, source: string) => ({ role, source, width: sceneSide, height: sceneSide });
    const document = {
      version: 1,
      verdict: 'warn',
      reasons: ['A doubt that somebody had.'],
      ...transformToJson(scene.truth),
      provenance: { inputs: [input('reference', 'reference.tif'), input('sensed', 'sensed image.tif')] },
    };
    const solution = join(scene.folder, 'solution.json');
    writeFileSync(solution, JSON.stringify(document));
    viewing = await view(solution);
    browser = await launchBrowser();
    ({ page, complaints } = await openPage(browser, viewing.url));
    await page.locator('[data-verdict=warn]').waitFor();
  }, 2 * patience);
  afterAll(async () => {
    await browser?.close();
    viewing?.[Symbol.dispose]();
    rmSync(scene.folder, { recursive: true });
  });

  const rendered = (): Promise<void> => page.locator('[data-map=main][data-rendered=true]').waitFor();
  /** What the map shows, once it has settled. */
  const picture = async (): Promise<Plane> => {
    // What changed is drawn in the next frames.
    await page.waitForTimeout(200);
    await rendered();
    const file = await openRaster(new Uint8Array(await exported(page, 'picture')));
    return file.readPlane({ band: 1 });
  };
  const adjust = (value: number): Promise<void> => page.locator('.range input').fill(String(value));
  /** The correlation of two pictures over a part of their columns, where both show something. */
  const correlation = (a: Plane, b: Plane, from = 0, to = 1): number => {
    const values: [number, number][] = [];
    for (let i = 0; i < a.data.length; i++) {
      const share = (i % a.width) / a.width;
      if (share < from || share >= to || !(a.mask?.[i] ?? 1) || !(b.mask?.[i] ?? 1)) continue;
      values.push([a.data[i]!, b.data[i]!]);
    }
    const mean = (k: 0 | 1): number => values.reduce((sum, v) => sum + v[k], 0) / values.length;
    const [u, v] = [mean(0), mean(1)];
    let [uv, uu, vv] = [0, 0, 0];
    for (const [x, y] of values) {
      uv += (x - u) * (y - v);
      uu += (x - u) ** 2;
      vv += (y - v) ** 2;
    }
    return uv / Math.sqrt(uu * vv);
  };

  it(
    'is opened with its images and told as it stands there',
    async () => {
      expect(await page.locator('.verdict').innerText()).toContain('A doubt that somebody had.');
      expect(await page.locator('.name').allInnerTexts()).toEqual([scene.reference, scene.sensed]);
      expect(await page.locator('.slot').first().innerText()).toContain('EPSG:32633');
      expect(await page.locator('.verdict').innerText()).toContain('holds no tie points');
    },
    patience,
  );

  it(
    'lays the images on each other in every way',
    async () => {
      await page.locator('[data-comparison=swipe]').click();
      await adjust(1);
      const reference = await picture();
      await adjust(0);
      const sensed = await picture();
      // Contrast is reversed, and the solution is right.
      expect(correlation(reference, sensed)).toBeLessThan(-0.9);
      await adjust(0.5);
      const swiped = await picture();
      expect(correlation(swiped, reference, 0, 0.49)).toBeGreaterThan(0.99);
      expect(correlation(swiped, sensed, 0.51, 1)).toBeGreaterThan(0.99);
      await page.keyboard.press('b');
      await adjust(0);
      expect(Math.abs(correlation(reference, await picture()))).toBeLessThan(0.7);
      await page.keyboard.press('b');

      await page.locator('[data-comparison=blend]').click();
      await adjust(0.5);
      const blended = await picture();
      const [u, v, w] = [reference, sensed, blended].map(
        ({ data, width, height }) => data[(height >> 1) * width + (width >> 1)]!,
      );
      expect(Math.abs(w! - (u! + v!) / 2)).toBeLessThan(4);

      await page.locator('[data-comparison=difference]').click();
      const difference = await picture();
      const at = (difference.height >> 1) * difference.width + (difference.width >> 1);
      expect(Math.abs(difference.data[at]! - Math.abs(u! - v!))).toBeLessThan(4);

      await page.locator('[data-comparison=checkerboard]').click();
      await adjust(100);
      const squares = await picture();
      const cells = [0, 1, 2, 3].map((i) => {
        const [from, to] = [0.3 + 0.1 * i, 0.3 + 0.1 * (i + 1)];
        return Math.max(correlation(squares, reference, from, to), correlation(squares, sensed, from, to));
      });
      expect(Math.max(...cells)).toBeLessThan(0.99);

      await page.locator('[data-comparison=flicker]').click();
      await adjust(6);
      const seen = new Set<boolean>();
      for (let i = 0; i < 30 && seen.size < 2; i++) seen.add(correlation(await picture(), reference) > 0.99);
      expect(seen.size).toBe(2);
    },
    patience,
  );

  it(
    'shows an image by another stretch and scale, and says by which',
    async () => {
      await page.locator('[data-comparison=swipe]').click();
      await adjust(0);
      const usual = await picture();
      const controls = page.locator('[data-display=sensed]');
      expect(await controls.locator('summary').innerText()).toBe('Middle 98 %; as stored');
      await controls.locator('summary').click();
      const [low, high] = [controls.locator('input').first(), controls.locator('input').last()];
      const limits = async (): Promise<readonly number[]> => [
        Number(await low.inputValue()),
        Number(await high.inputValue()),
      ];
      const [from, to] = await limits();
      await controls.getByLabel('Stretch').selectOption('range');
      await expect.poll(async () => (await limits())[0]! < from! && (await limits())[1]! > to!).toBe(true);
      const wide = await picture();
      const spread = ({ data, mask }: Plane): number => {
        const values = data.filter((_, i) => mask?.[i] !== 0).toSorted();
        return values[Math.floor(0.9 * values.length)]! - values[Math.floor(0.1 * values.length)]!;
      };
      expect(spread(wide)).toBeLessThan(0.9 * spread(usual));
      await controls.getByLabel('Scale').selectOption('amplitude');
      await expect.poll(() => controls.locator('summary').innerText()).toBe('Least to largest; decibels, of amplitude');
      expect((await limits())[1]!).toBeLessThan(60);
      await high.fill('50');
      await high.press('Tab');
      await expect.poll(() => controls.locator('summary').innerText()).toBe('Set by hand; decibels, of amplitude');
      await controls.getByLabel('Scale').selectOption('stored');
      await controls.getByLabel('Stretch').selectOption('middle');
      await expect.poll(limits).toEqual([from, to]);
    },
    patience,
  );

  it(
    'shows the images side by side with linked cursors, and is driven by keys',
    async () => {
      await page.keyboard.press('6');
      const second = page.locator('[data-map=second]');
      await second.waitFor();
      const { x, y, width, height } = await restingBox(page, '[data-map=main]');
      // A map that is still busy misses a pointer that moves once: it moves until it is followed.
      const followed = async (): Promise<string> => {
        await page.mouse.move(x + width / 2 - 9, y + height / 2 - 9);
        await page.mouse.move(x + width / 2, y + height / 2);
        // A cross of two lines: the element itself has no size.
        return (await page.locator('.second .crosshair:not([hidden])').count()) === 0
          ? 'no cross-hair'
          : page.locator('.place').innerText();
      };
      await expect
        .poll(followed, { timeout: stepPatience })
        .toMatch(/pixel 12\d\.\d, 12\d\.\d, 5012\d\d\.\d\d, .*EPSG:32633/);
      await page.keyboard.press('1');
      expect(await second.isVisible()).toBe(false);
      await page.keyboard.press('?');
      await page.locator('dialog[open]').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('dialog[open]').waitFor({ state: 'detached' });
      await page.keyboard.press('l');
      await page.locator('.loupe').waitFor();
      await page.keyboard.press('l');
    },
    patience,
  );

  it(
    'says what is wrong with a file as the command line does',
    async () => {
      const whole = readFileSync(scene.sensed);
      const broken = join(scene.folder, 'broken.tif');
      writeFileSync(broken, whole.subarray(0, 60));
      await page.locator('.slot').last().locator('h3 button').click();
      await page.setInputFiles('input[data-role=sensed]', broken);
      const failure = page.locator('.slot').last().locator('.failure');
      await failure.waitFor();
      expect(await failure.getAttribute('data-code')).toMatch(/^file-(truncated|corrupt)$/);
      expect(await failure.innerText()).toMatch(/Fetch or copy it again/);
    },
    patience,
  );

  it(
    'opens what STAC items and solutions name, and JPEG 2000',
    async () => {
      await using server = await serveFolder(scene.folder);
      const item = (id: string, href: string): object => ({
        type: 'Feature',
        stac_version: '1.0.0',
        id,
        geometry: null,
        properties: { datetime: '2024-01-01T00:00:00Z' },
        links: [],
        assets: {
          thumbnail: { href: './none.png', type: 'image/png', roles: ['thumbnail'] },
          data: { href, type: 'image/tiff; application=geotiff', roles: ['data'] },
        },
      });
      const write = (name: string, document: object): void =>
        writeFileSync(join(scene.folder, name), JSON.stringify(document));
      const features = [item('a', './reference.tif'), item('b', 'sensed%20image.tif')];
      write('item.json', features[0]!);
      write('items.geojson', { type: 'FeatureCollection', features });
      const [reference, sensed] = [page.locator('.slot').first(), page.locator('.slot').last()];
      const closeBoth = async (): Promise<void> => {
        for (const slot of [reference, sensed]) await slot.locator('h3 button').click();
      };
      const paste = async (name: string): Promise<void> => {
        await reference.locator('input[type=url]').fill(server.url + name);
        await reference.locator('form button').click();
      };
      /** The names of both images, once both are open. */
      const names = async (): Promise<readonly string[]> => {
        await sensed.locator('.name').waitFor();
        await reference.locator('.name').waitFor();
        return page.locator('.name').allInnerTexts();
      };
      await closeBoth();
      await paste('items.geojson');
      expect(await names()).toEqual(['a/reference.tif', 'b/sensed image.tif']);
      await closeBoth();
      await paste('item.json#thumbnail');
      // There is none: what is named is what is asked for.
      await expect.poll(() => reference.innerText()).toContain('none.png');
      await reference.locator('h3 button').click();
      // A solution that has a web address: its images lie beside it.
      await paste('solution.json');
      await page.locator('[data-verdict=warn]').waitFor();
      expect(await names()).toEqual(['reference.tif', 'sensed image.tif']);
      expect(await page.locator('.command').innerText()).toContain(`--reference ${server.url}reference.tif`);
      // Dropped together, each image goes where the solution names it.
      await closeBoth();
      const dropped = [scene.sensed, join(scene.folder, 'solution.json'), scene.reference];
      await page.setInputFiles('input[data-role=sensed]', dropped);
      await page.locator('[data-verdict=warn]').waitFor();
      expect(await names()).toEqual(['reference.tif', 'sensed image.tif']);
      await closeBoth();
      await page.setInputFiles('input[data-role=sensed]', join(scene.folder, 'solution.json'));
      await expect
        .poll(() => page.locator('.notice').innerText())
        .toContain('not open: reference.tif, sensed image.tif');
      await page.setInputFiles('input[data-role=sensed]', join(scene.folder, 'item.json'));
      await expect.poll(() => page.locator('.notice').innerText()).toContain('a file that a page cannot look for');
      await page.setInputFiles('input[data-role=reference]', jpeg2000);
      await reference.getByText('61 × 47 px, JP2OpenJPEG, EPSG:32633').waitFor();
      await page.setInputFiles('input[data-role=sensed]', scene.sensed);
      await rendered();
      expect(complaints).toEqual([]);
    },
    patience,
  );

  it(
    'shows a COG of 10,980² px from another server by reading less than 3 MB of it',
    async () => {
      const large = join(scene.folder, 'large.tif');
      await writeLarge(large);
      await using server = await serveFolder(scene.folder);
      await page.locator('.slot').first().locator('h3 button').click();
      await page.locator('.slot').first().locator('input[type=url]').fill(`${server.url}large.tif`);
      const began = Date.now();
      await page.locator('.slot').first().locator('form button').click();
      await page.locator('.slot').first().getByText('10980 × 10980').waitFor();
      await rendered();
      const seconds = (Date.now() - began) / 1000;
      expect(server.sent()).toBeLessThan(3e6);
      expect(server.sent()).toBeGreaterThan(1e4);
      // Two seconds on an idle machine.
      expect(seconds).toBeLessThan(20);
      expect(complaints).toEqual([]);
    },
    2 * patience,
  );
});
