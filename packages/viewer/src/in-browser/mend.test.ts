import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseAsset, itemsOf } from '@tiepoint/catalog';
import { invertTransform, transformPoint } from '@tiepoint/geometry';
import { controlPointEndings, controlPointFormat, openRaster, parseControlPoints } from '@tiepoint/raster';
import type { Browser, Page } from 'playwright-core';
import type { HandTiePoint, Registration } from 'tiepoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  builtPage,
  exported,
  hasBrowser,
  launchBrowser,
  openPage,
  patience,
  register,
  restingBox,
} from './open-viewer.js';
import { type ScenePair, sceneSide, writeScene } from './scenes.js';
import { serveFolder, type StaticServer } from './static-server.js';

/** Whether GDAL's programs are installed. */
const hasGdal = ((): boolean => {
  try {
    execFileSync('gdalinfo', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('GDAL is not installed: it is not asked what it finds in exported images\n');
    return false;
  }
})();

describe.skipIf(!hasBrowser)('two files on a page that is not isolated', () => {
  let browser: Browser;
  let server: StaticServer;
  let scene: ScenePair;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    scene = await writeScene();
    server = await serveFolder(builtPage);
    browser = await launchBrowser();
    ({ page, complaints } = await openPage(browser, server.url, { serviceWorkers: 'block' }));
  }, 2 * patience);
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    rmSync(scene.folder, { recursive: true });
  });

  const solution = async (): Promise<Registration> =>
    JSON.parse(String(await exported(page, 'solution'))) as Registration;
  /** Waits until the fit has followed the edits. */
  const settled = (): Promise<void> => page.locator('.verdict[aria-busy=false]').waitFor();
  /** Where on the screen a place of the reference is in a map, at the whole image's zoom. */
  const placeIn = async (map: 'main' | 'second', x: number, y: number): Promise<readonly [number, number]> => {
    await page.locator('.zoom button').last().click();
    // Maps take a moment to come to rest.
    await page.waitForTimeout(500);
    const box = await restingBox(page, `[data-map=${map}]`);
    const shown = Math.min(box.width, box.height) - 32;
    const scale = shown / sceneSide;
    return [box.x + box.width / 2 + (x - sceneSide / 2) * scale, box.y + box.height / 2 + (y - sceneSide / 2) * scale];
  };

  it(
    'are registered by one thread, which is said',
    async () => {
      await page.setInputFiles('input[data-role=reference]', scene.reference);
      await page.setInputFiles('input[data-role=sensed]', scene.sensed);
      expect(await page.evaluate('crossOriginIsolated')).toBe(false);
      expect(await page.locator('#threads').innerText()).toContain('One thread computes');
      expect(await register(page)).toBe('accept');
      expect(await page.locator('.command').innerText()).toBe(
        "tiepoint register reference.tif 'sensed image.tif' 'sensed image-registered.tif'",
      );
    },
    2 * patience,
  );

  it(
    'lose ten tie points and get them back, and the verdict follows',
    async () => {
      const before = await solution();
      const times: number[] = [];
      for (let i = 0; i < 10; i++) {
        const used = page.locator(`tr[data-index="${i}"] input`);
        await used.uncheck();
        const began = Date.now();
        await settled();
        times.push(Date.now() - began);
      }
      const after = await solution();
      expect(after.tiePoints).toBe(before.tiePoints - 10);
      expect(after.provenance.edits?.off).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(after.sensedToReference).not.toEqual(before.sensedToReference);
      expect(await page.locator('.verdict').innerText()).toContain(`of ${after.tiePoints}`);
      // On an idle machine the fit takes a tenth of a second; here others may be at work.
      expect(Math.min(...times)).toBeLessThan(1000);
      await page.keyboard.press('Escape');
      for (let i = 0; i < 10; i++) await page.keyboard.press('Control+z');
      await settled();
      expect((await solution()).sensedToReference).toEqual(before.sensedToReference);
    },
    patience,
  );

  it(
    'get a tie point by two clicks, snapped to half a px',
    // A click may land while the page is still laying itself out.
    { timeout: patience, retry: 2 },
    async () => {
      const count = (await solution()).tiePoints;
      await page.keyboard.press('a');
      await page.locator('[data-map=second]').waitFor();
      const at = [120, 110] as const;
      await page.mouse.click(...(await placeIn('main', ...at)));
      const [x, y] = await placeIn('second', ...at);
      // The second click misses by some px.
      await page.mouse.click(x + 5, y - 4);
      await page.locator('.notice').waitFor();
      await expect.poll(async () => (await solution()).tiePoints, { timeout: 20_000 }).toBe(count + 1);
      const { provenance } = await solution();
      const point = (provenance.edits!.added as readonly HandTiePoint[]).at(-1);
      expect(point!.by).toBe('snapping');
      expect(Math.hypot(point!.reference[0] - at[0], point!.reference[1] - at[1])).toBeLessThan(2);
      const truth = transformPoint(invertTransform(scene.truth)!, ...point!.reference);
      expect(Math.hypot(point!.sensed[0] - truth[0], point!.sensed[1] - truth[1])).toBeLessThan(0.5);
      expect(await page.locator('tr.selected').innerText()).toContain('snapped');
      expect(await page.locator('.command').innerText()).toContain('--solution solution.json');
    },
  );

  it(
    'leave out ground that is drawn, and are refused where nothing is left',
    async () => {
      await page.keyboard.press('n');
      await page.locator('.zoom button').nth(1).click();
      await page.locator('[data-map=main]').focus();
      const box = await restingBox(page, '[data-map=main]');
      const corners = [
        [0.12, 0.12],
        [0.88, 0.12],
        [0.88, 0.88],
        [0.12, 0.88],
      ] as const;
      for (const [u, v] of corners) {
        await page.mouse.click(box.x + u * box.width, box.y + v * box.height);
        await page.waitForTimeout(400);
      }
      await page.keyboard.press('Enter');
      await page.locator('[data-verdict=refuse]').waitFor();
      expect((await solution()).provenance.edits!.excluded).toHaveLength(1);
      expect(await page.locator('[data-export=image]').isDisabled()).toBe(true);
      await page.keyboard.press('Control+z');
      await page.locator('[data-verdict=accept]').waitFor();
    },
    patience,
  );

  it(
    'go out as a COG on the grid of the reference, and as control points',
    async () => {
      const path = join(scene.folder, 'registered.tif');
      writeFileSync(path, await exported(page, 'image'));
      await using registered = await openRaster(path);
      await using reference = await openRaster(scene.reference);
      expect([registered.width, registered.height]).toEqual([sceneSide, sceneSide]);
      expect(registered.georeference!.geotransform).toEqual(reference.georeference!.geotransform);
      const [warped, fixed] = [await registered.readPlane({ band: 1 }), await reference.readPlane({ band: 1 })];
      // The sensed image is the reference with its contrast reversed.
      const misses = [...warped.data].flatMap((v, i) => (warped.mask![i] ? [Math.abs(400 - v - fixed.data[i]!)] : []));
      expect(misses.toSorted((a, b) => a - b)[misses.length >> 1]!).toBeLessThan(8);
      if (hasGdal) {
        const info = execFileSync('gdalinfo', [path], { encoding: 'utf8' });
        expect(info).toContain('LAYOUT=COG');
        expect(info).toContain('WGS 84 / UTM zone 33N');
      }
      const points = JSON.parse(String(await exported(page, 'points'))) as { features: unknown[] };
      expect(points.features).toHaveLength((await solution()).tiePoints);
      for (const ending of controlPointEndings) {
        await page.locator('.panel select', { hasText: '.geojson' }).selectOption(ending);
        const text = String(await exported(page, 'points'));
        const read = await parseControlPoints(text, controlPointFormat(`points${ending}`));
        expect([ending, read.points.length]).toEqual([ending, points.features.length]);
      }
    },
    patience,
  );

  it(
    'have a STAC item that GDAL opens, and a report with its numbers and pictures',
    async () => {
      const image = await exported(page, 'image');
      writeFileSync(join(scene.folder, 'sensed image-registered.tif'), image);
      const item: unknown = JSON.parse(String(await exported(page, 'item')));
      const path = join(scene.folder, 'items.json');
      writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features: [item] }));
      const [read] = itemsOf(JSON.parse(readFileSync(path, 'utf8')), path);
      expect(chooseAsset(read!)).toBe(join(scene.folder, 'sensed%20image-registered.tif'));
      const { assets, bbox, properties } = read!.item;
      const sum = (bytes: Buffer): string => `1220${createHash('sha256').update(bytes).digest('hex')}`;
      expect(assets['image']).toMatchObject({ 'file:size': image.length, 'file:checksum': sum(image) });
      expect(assets['solution']).toMatchObject({ 'file:checksum': sum(await exported(page, 'solution')) });
      // 2.56 km around 15° E, 41.5° N.
      expect([bbox![0]!, bbox![1]!].map((v) => v.toFixed(1))).toEqual(['15.0', '41.5']);
      expect(properties).toMatchObject({ 'proj:epsg': 32633, 'proj:transform': [10, 0, 500_000, 0, -10, 4_600_000] });
      if (hasGdal) {
        copyFileSync(
          join(scene.folder, 'sensed image-registered.tif'),
          join(scene.folder, 'sensed%20image-registered.tif'),
        );
        const info = execFileSync('gdalinfo', [`STACIT:"${path}":asset=image`], {
          cwd: scene.folder,
          encoding: 'utf8',
        });
        expect(info).toContain(`Size is ${sceneSide}, ${sceneSide}`);
        expect(info).toContain('WGS 84 / UTM zone 33N');
      }
      const report = String(await exported(page, 'report'));
      const told = /id="report-data">(.*?)<\/script>/.exec(report)![1]!;
      expect((JSON.parse(told) as { registration: unknown }).registration).toEqual(await solution());
      const pictures = [...report.matchAll(/src="data:image\/webp;base64,([^"]+)"/g)];
      expect(pictures).toHaveLength(3);
      await using after = await openRaster(new Uint8Array(Buffer.from(pictures[2]![1]!, 'base64')));
      expect([after.width, after.height, after.format]).toEqual([sceneSide, sceneSide, 'WEBP']);
      await using slide = await openRaster(new Uint8Array(await exported(page, 'slide')));
      expect([slide.width, slide.height]).toEqual([1920, 1080]);
      // The bar beside the verdict is green.
      const [red, green] = [await slide.readPlane({ band: 1 }), await slide.readPlane({ band: 2 })];
      const greens = red.data.filter((v, i) => v === 0x1b && green.data[i] === 0x6e);
      expect(greens.length).toBeGreaterThan(5000);
      expect(complaints).toEqual([]);
    },
    patience,
  );
});
