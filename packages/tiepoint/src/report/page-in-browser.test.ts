import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identity } from '@tiepoint/geometry';
import { afterAll, describe, expect, it } from 'vitest';
import { renderReport } from './page.js';

const chromium = '/usr/bin/chromium';
const installed = existsSync(chromium);
if (!installed) process.stderr.write('page-in-browser.test.ts: Chromium is not installed, the report is not opened\n');

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What the page looks like to programs after its script and `then` have run. */
function domAfter(page: string, then: string): string {
  const path = join(folder, 'report.html');
  writeFileSync(path, page.replace('</body>', `<script>${then}</script></body>`));
  const args = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--virtual-time-budget=3000',
    '--dump-dom',
    `file://${path}`,
  ];
  return spawnSync(chromium, args, { encoding: 'utf8', timeout: 60_000 }).stdout;
}

describe.skipIf(!installed)('the report in a browser', () => {
  const page = renderReport({
    registration: {
      version: 1,
      verdict: 'accept',
      reasons: [],
      model: 'translation',
      sensedToReference: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      tiePoints: 1,
      inliers: 1,
      accuracy: null,
      seconds: 1,
      method: 'grid (identity)',
      provenance: { tool: 'tiepoint', weights: null, seed: 0, inputs: [] },
      warnings: [],
      logFalseAlarms: -9,
    },
    tiePoints: [{ sensed: [1, 1], reference: [1, 1], covariance: [1, 0, 1], score: 1, inlier: true, residual: 0 }],
    sensedToReference: identity,
    grid: { width: 300, height: 200 },
    images: { reference: pixel, before: pixel, after: pixel },
    beforePlacement: 'pixel on pixel',
  });

  it('is driven by the keyboard', () => {
    const keys = ['2', 'b', 'p', '+'];
    const press = keys
      .map((key) => `viewport.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}' }));`)
      .join('');
    const dom = domAfter(page, `const viewport = document.querySelector('.viewport'); ${press}`);
    expect(dom).toContain('data-view="checkerboard"');
    expect(dom).toContain('>Tile size</span>');
    expect(dom).toMatch(/id="after"[^>]* hidden/);
    expect(dom).not.toMatch(/id="before"[^>]* hidden/);
    expect(dom).toContain('with-points');
    expect(dom).toContain('150 %');
  });

  it('flickers between the images and says which is shown', () => {
    const dom = domAfter(
      page,
      `const flicker = document.querySelector('[value=flicker]'); flicker.checked = true;
       flicker.dispatchEvent(new Event('change'));
       new MutationObserver(() => document.body.append('phase ' + document.querySelector('.stage').dataset.phase + ' '))
         .observe(document.querySelector('.stage'), { attributes: true, attributeFilter: ['data-phase'] });`,
    );
    expect(dom).toContain('phase 0');
  });
});
