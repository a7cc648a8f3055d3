import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { affine, createRandom, fitTransform, type Plane, resamplePlane } from '@tiepoint/geometry';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { predictErrorField } from '../model/error-field.js';
import { blobScene } from '../cli/testing/blob-scene.js';
import type { TiePoint } from '../result/tie-point.js';
import { renderReport } from './page.js';
import { planesToDataUri } from './preview.js';

const executablePath = '/usr/bin/chromium';
const installed = existsSync(executablePath);
if (!installed) process.stderr.write('page-in-browser.test.ts: Chromium is not installed, the report is not opened\n');

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-report-'));
const [width, height] = [300, 200];
const truth = affine(1, 0, 12, 0, 1, 7);

/** A report of blobs and the same moved, with tie points that are off by what their covariance says. */
async function writeReport(): Promise<string> {
  const scene: Plane = { width, height, data: blobScene(width, height, 3) };
  const moved = resamplePlane(scene, width, height, affine(1, 0, -12, 0, 1, -7));
  const random = createRandom(8);
  const points = Array.from({ length: 60 }, () => [random.uniform() * 250, random.uniform() * 180] as const);
  const sensed = Float64Array.from(points.flat());
  const reference = sensed.map((v, i) => v + [12, 7][i % 2]! + 0.3 * random.normal());
  const covariance = Float64Array.from(points.flatMap(() => [0.09, 0, 0.09]));
  const fit = fitTransform({ source: sensed, target: reference, covariance }, 'affine')!;
  const tiePoints = points.map(([x, y], i): TiePoint => ({
    sensed: [x, y],
    reference: [reference[2 * i]!, reference[2 * i + 1]!],
    covariance: [0.09, 0, 0.09],
    score: 0.9,
    inlier: true,
    residual: Math.hypot(fit.residuals[2 * i]!, fit.residuals[2 * i + 1]!),
  }));
  const path = join(folder, 'report.html');
  const page = renderReport({
    registration: {
      version: 1,
      verdict: 'accept',
      reasons: ['</script><script>document.title = "taken over"</script><!--'],
      findings: [],
      confidence: 0.99,
      model: 'affine',
      sensedToReference: null,
      tiePoints: points.length,
      inliers: points.length,
      accuracy: null,
      seconds: 1,
      method: 'grid (identity)',
      provenance: { tool: 'tiepoint', weights: null, seed: 0, inputs: [] },
      warnings: [],
      logFalseAlarms: -9,
    },
    tiePoints,
    sensedToReference: truth,
    grid: { width, height },
    errorField: predictErrorField(fit, { width, height }),
    displacementBefore: null,
    vectorsBefore: [],
    trends: [],
    images: {
      reference: await planesToDataUri([scene]),
      before: await planesToDataUri([moved]),
      after: await planesToDataUri([scene]),
      marks: null,
    },
    beforePlacement: 'pixel on pixel',
  });
  writeFileSync(path, page);
  return pathToFileURL(path).href;
}

// A busy machine starts a browser slowly.
const patience = 120_000;

describe.skipIf(!installed)('the report in a browser', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const requests: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: patience });
    page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
    page.setDefaultTimeout(patience);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(await writeReport());
    await page.waitForSelector('html[data-ready=true]', { state: 'attached' });
  }, 2 * patience);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });
  const stage = (name: string): Promise<string | null> => page.locator('.stage').getAttribute(name);

  it(
    'is driven by the keyboard alone',
    async () => {
      // From the top of the page by Tab to the view, the state, the range, the tie points, zoom and the picture.
      const reached: string[] = [];
      for (let i = 0; i < 12; i++) {
        await page.keyboard.press('Tab');
        reached.push(
          await page.evaluate<string>(
            'document.activeElement.id || document.activeElement.className || document.activeElement.name',
          ),
        );
      }
      for (const wanted of ['view', 'state', 'range', 'points', 'zoom-in', 'viewport'])
        expect(reached).toContain(wanted);
      await page.focus('.viewport');
      expect(await stage('data-view')).toBe('swipe');
      await page.keyboard.press('ArrowLeft');
      expect(await page.evaluate("document.querySelector('.stage').style.getPropertyValue('--at')")).toBe('48%');
      await page.keyboard.press('2');
      expect(await stage('data-view')).toBe('checkerboard');
      expect(await page.locator('#range-name').textContent()).toBe('Tile size');
      await page.keyboard.press('b');
      expect(await page.locator('#before').isVisible()).toBe(true);
      expect(await page.locator('#after').isVisible()).toBe(false);
      await page.keyboard.press('p');
      expect(await stage('class')).toContain('with-points');
      await page.keyboard.press('+');
      expect(await page.locator('#zoom').textContent()).toBe('150 %');
      await page.keyboard.press('0');
    },
    patience,
  );

  it(
    'flickers between the images and says which is shown',
    async () => {
      await page.focus('.viewport');
      await page.keyboard.press('3');
      await page.waitForSelector('.stage[data-phase="0"]');
      expect(await page.locator('.names .left').textContent()).toBe('reference');
      await page.waitForSelector('.stage[data-phase="1"]');
      expect(await page.locator('.names .left').textContent()).toMatch(/^sensed/);
    },
    patience,
  );

  it(
    'shows the difference, which registration makes small',
    async () => {
      await page.focus('.viewport');
      await page.keyboard.press('5');
      expect(await page.locator('#difference').isVisible()).toBe(true);
      const note = await page.locator('#difference-note').textContent();
      const [before, after] = [...note!.matchAll(/([\d.]+)\s%/g)].map((match) => Number(match[1]));
      expect(before).toBeGreaterThan(60);
      expect(after).toBeLessThan(10);
    },
    patience,
  );

  it(
    'prints stills of each comparison and the table, and sorts it',
    async () => {
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      await page.emulateMedia({ media: 'print' });
      const captions = await page.locator('.prints figcaption').allTextContents();
      for (const wanted of ['Reference', 'Tie points on the reference', 'Checkerboard, after', 'Difference, before']) {
        expect(captions).toContain(wanted);
      }
      expect(await page.locator('.viewport').isVisible()).toBe(false);
      expect(await page.locator('.points tbody tr').first().isVisible()).toBe(true);
      await page.emulateMedia({ media: 'screen' });
      const button = page.locator('.points th button', { hasText: 'residual' });
      const residuals = async (): Promise<number[]> =>
        (await page.locator('.points tbody tr td:nth-child(6)').allTextContents()).map(Number);
      await button.press('Enter');
      const falling = await residuals();
      expect(falling).toEqual(falling.toSorted((a, b) => b - a));
      await button.press('Enter');
      expect(await residuals()).toEqual(falling.toReversed());
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
    },
    patience,
  );

  it('holds the same numbers as JSON, runs nothing of what it was given, and asks for nothing', async () => {
    const data = JSON.parse((await page.locator('#report-data').textContent())!) as {
      registration: { reasons: string[] };
      tiePoints: { normalisedError: number[] }[];
      predictedSd: { values: number[] };
      calibration: { inside: number[] };
    };
    expect(data.registration.reasons[0]).toContain('</script>');
    expect(await page.title()).not.toContain('taken over');
    const sum = data.tiePoints.reduce((total, { normalisedError: [x, y] }) => total + x! * x! + y! * y!, 0);
    expect(Math.sqrt(sum / (2 * data.tiePoints.length))).toBeCloseTo(1, 0);
    expect(data.calibration.inside[1]).toBeGreaterThan(0.8);
    expect(Math.min(...data.predictedSd.values)).toBeGreaterThan(0.02);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !/^(data|file|blob):/.test(url))).toEqual([]);
    expect(requests.filter((url) => url.startsWith('file:'))).toHaveLength(1);
  });
});
