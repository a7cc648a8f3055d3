import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import { chromium } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { jobEnds } from '../testing/job-ends.js';
import { checkSummaries, writeSummary } from './write-summary.js';

const executablePath = '/usr/bin/chromium';
const installed = existsSync(executablePath);
if (!installed) process.stderr.write('summary.test.ts: Chromium is not installed, the page is not opened\n');

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-summary-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, count: number): string => {
  const path = join(folder, name);
  writeSummary(path, jobEnds(count), 'pairs <of> all');
  return path;
};

describe('a summary', () => {
  it('is a table that any reader takes, and no spreadsheet a formula', () => {
    const rows = parse(readFileSync(write('s.csv', 40), 'utf8'), { columns: true }) as Record<string, string>[];
    expect(rows.length).toBe(40);
    expect(rows[7]).toMatchObject({ state: 'refused', reason: 'the agreement may be chance, "truly"', shiftX: '' });
    expect(rows[13]).toMatchObject({ state: 'failed', status: '3', reason: 'no such file [file-not-found]' });
    for (const row of rows) for (const value of Object.values(row)) expect(value).not.toMatch(/^[=+@]/);
    expect(decodeURIComponent(rows[0]!['output']!)).toMatch(/out\/scene 0\.tif$/);
  });

  it('is GeoJSON whose rings turn the right way', () => {
    const { features } = JSON.parse(readFileSync(write('s.geojson', 40), 'utf8')) as {
      features: { geometry: null | { coordinates: number[][][] }; properties: Record<string, unknown> }[];
    };
    expect(features[13]!.geometry).toBeNull();
    const ring = features[0]!.geometry!.coordinates[0]!;
    const area = ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i]![0]! * y! - x! * ring[i]![1]!, 0);
    expect(area).toBeGreaterThan(0);
    expect(features[0]!.properties).toMatchObject({ state: 'accepted', ce90Metres: expect.any(Number) as number });
  });

  it('is refused for other endings', () => {
    expect(() => checkSummaries(['a.csv', 'b.xlsx'])).toThrow(expect.objectContaining({ code: 'output-unsupported' }));
  });
});

describe.skipIf(!installed)('the page of ten thousand pairs', () => {
  it('opens, sorts and filters at once, and runs nothing that a name brings', async () => {
    const path = write('s.html', 10_000);
    await using browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('dialog', () => errors.push('a dialog'));
    await page.goto(pathToFileURL(path).href);
    const timed = (selector: string): Promise<number> =>
      page.evaluate((which) => {
        const begin = performance.now();
        (document.querySelector(which) as HTMLElement).click();
        return performance.now() - begin;
      }, selector);
    expect(await page.locator('#shown').textContent()).toBe('10000 pairs');
    // Rows in view only.
    expect(await page.locator('.row').count()).toBeLessThan(60);
    const sorting = [await timed('#head button:nth-child(5)'), await timed('#head button:nth-child(5)')];
    const largest = Number(await page.locator('.row').first().locator('.number').nth(1).textContent());
    expect(largest).toBeGreaterThan(1.49);
    const filtering = await timed('#counts .accepted');
    expect(await page.locator('#shown').textContent()).toBe('1500 of 10000 pairs');
    // Generous: the machine may be busy. It takes a tenth of that when it is not.
    for (const time of [...sorting, filtering]) expect(time).toBeLessThan(2000);
    await timed('#counts .accepted');
    await page.locator('#find').fill('</script>');
    expect(await page.locator('#shown').textContent()).toBe('1 of 10000 pairs');
    await page.locator('.row').click();
    expect(await page.locator('#detail b').textContent()).toBe('</script><img src=x onerror=alert(1)>');
    expect(await page.locator('#detail').textContent()).not.toContain('null');
    await page.locator('#find').fill('');
    await page.locator('#map').click({ position: { x: 180, y: 100 } });
    expect(await page.locator('#detail').textContent()).toMatch(/scene-\d+/);
    expect(errors).toEqual([]);
  });
});
