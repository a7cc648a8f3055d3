import { affine, fitTransform } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import type { HandTiePoint } from '../mend/edits.js';
import { predictErrorField } from '../model/error-field.js';
import type { Registration } from '../result/registration.js';
import type { TiePoint } from '../result/tie-point.js';
import { bitmapToDataUri } from './bitmap.js';
import { roundLevels, traceContour } from './contours.js';
import { drawErrorMap, sampleError } from './error-map.js';
import { drawHistogram, roundUp } from './histogram.js';
import { escapeHtml, formatMetres, formatNumber } from './html.js';
import { drawNormalisedErrors, normalisedError, sharesInside } from './normalised-errors.js';
import { chooseExaggeration, drawOverlay } from './overlay.js';
import { renderReport } from './page.js';
import { reportData, scriptSafeJson } from './report-data.js';
import type { ReportInput } from './report-input.js';

const pixel = 'data:image/png;base64,iVBORw0KGgo=';

const tiePoints: TiePoint[] = [
  { sensed: [10, 10], reference: [20, 30], covariance: [0.04, 0.01, 0.09], score: 0.8, inlier: true, residual: 0.5 },
  { sensed: [50, 20], reference: [60.3, 40.4], covariance: [0.04, 0, 0.04], score: 0.7, inlier: true, residual: 0.5 },
  { sensed: [90, 70], reference: [5, 5], covariance: [1, 0, 1], score: 0.3, inlier: false, residual: 124 },
];

const registration: Registration = {
  version: 1,
  verdict: 'accept',
  reasons: ['<script>alert(1)</script>'],
  findings: [],
  confidence: 0.99,
  model: 'affine',
  sensedToReference: [
    [1, 0, 10],
    [0, 1, 20],
    [0, 0, 1],
  ],
  tiePoints: 3,
  inliers: 2,
  accuracy: { rmse: 0.5, checkRmse: 0.61, ce90: 0.9, predictedSd: 0.1, unit: 'px', ce90Metres: 9 },
  seconds: 1.234,
  method: 'grid (identity)',
  provenance: {
    tool: 'tiepoint 0.1.0',
    weights: null,
    seed: 3,
    inputs: [
      { role: 'reference', source: 'data/a.tif', width: 100, height: 80, band: 'luminance' },
      { role: 'sensed', source: 'data/b.tif', width: 90, height: 70, band: 2 },
    ],
  },
  warnings: [],
  logFalseAlarms: -12.5,
};

const input: ReportInput = {
  registration,
  tiePoints,
  sensedToReference: affine(1, 0, 10, 0, 1, 20),
  grid: { width: 100, height: 80 },
  errorField: null,
  displacementBefore: null,
  vectorsBefore: [],
  trends: [],
  images: { reference: pixel, before: pixel, after: pixel, marks: null },
  beforePlacement: 'pixel on pixel',
};

describe('the report', () => {
  const page = renderReport(input);

  it('says what was done by hand', () => {
    expect(page).not.toContain('edited by hand');
    const [first, second, third] = tiePoints as [TiePoint, TiePoint, TiePoint];
    const added = { sensed: second.sensed, reference: second.reference, covariance: second.covariance, by: 'hand' };
    const edits = { off: [2], added: [added as HandTiePoint], excluded: [], model: 'affine' } as const;
    const edited = renderReport({
      ...input,
      registration: { ...registration, provenance: { ...registration.provenance, edits } },
      tiePoints: [first, { ...second, imported: true, by: 'hand' }, { ...third, off: true }],
    });
    expect(edited).toContain('tie points switched off: 1; tie points set: 1; model: affine');
    expect(edited).toContain('<td>inlier, by hand</td>');
    expect(edited).toContain('<td>off</td>');
  });

  it('needs nothing beside itself', () => {
    for (const [, target] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(target).toMatch(/^data:/);
    expect(page).not.toMatch(/https?:\/\//);
    expect(page).not.toContain('@import');
    expect(page).toContain("default-src 'none'");
  });

  it('draws the marks of both files where there are any', () => {
    expect(page).not.toContain('class="marks"');
    const marked = renderReport({ ...input, images: { ...input.images, marks: `${pixel}marks` } });
    expect(marked).toContain(`<img class="marks" src="${pixel}marks"`);
    expect(marked).toContain('id="marks-shown"');
  });

  it('shows the verdict, the figures and where they come from', () => {
    for (const text of [
      'The images are registered.',
      '2 of 3 tie points',
      '0.61',
      '9 m',
      'seed',
      'data/b.tif',
      '10^12 trials',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('says how to look at the same images in the viewer', () => {
    expect(page).toContain('<code>tiepoint view data/a.tif data/b.tif</code>');
    const inputs = registration.provenance.inputs.map((one) => ({ ...one, source: `it's <${one.role}>.tif` }));
    const odd = renderReport({
      ...input,
      registration: { ...registration, provenance: { ...registration.provenance, inputs } },
    });
    const words = `'it'\\''s <reference>.tif' 'it'\\''s <sensed>.tif'`;
    expect(odd).toContain(escapeHtml(`tiepoint view ${words}`));
  });

  it('does not run what a file name or reason holds', () => {
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&#60;script&#62;');
  });

  it('offers the ways to compare, by radio buttons', () => {
    for (const view of ['swipe', 'checkerboard', 'flicker', 'blend', 'difference'])
      expect(page).toContain(`name="view" value="${view}"`);
  });

  it('says what a refusal means and offers no registered picture', () => {
    const refused = renderReport({
      ...input,
      registration: {
        ...registration,
        verdict: 'refuse',
        sensedToReference: null,
        accuracy: null,
        logFalseAlarms: 0.4,
      },
      sensedToReference: null,
      images: { ...input.images, after: null },
    });
    expect(refused).toContain('No registration that can be trusted was found.');
    expect(refused).toContain('expected among random matches too');
    expect(refused).not.toContain('id="after"');
    expect(refused).toContain('value="after" disabled');
  });
});

describe('the overlay', () => {
  it('draws residuals from the match to where the transform puts it, as much longer as it states', () => {
    const { svg, exaggeration } = drawOverlay(input);
    expect(exaggeration).toBe(5);
    // The transform puts (50, 20) at (60, 40); the match is at (60.3, 40.4): the line runs by −0.3 and −0.4, five times.
    expect(svg).toContain('M60.3 40.4l-1.5 -2');
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg.match(/<ellipse/g)).toHaveLength(2);
  });

  it('chooses round factors, and none for residuals that are long already', () => {
    expect(chooseExaggeration([0.5], 600)).toBe(20);
    expect(chooseExaggeration([40], 600)).toBe(1);
    expect(chooseExaggeration([], 600)).toBe(1);
  });
});

describe('the histogram', () => {
  it('counts each tie point once and puts the far ones into the last bin', () => {
    const svg = drawHistogram(tiePoints);
    expect(svg.match(/class="bar-in"/g)).toHaveLength(1);
    expect(svg.match(/class="bar-out"/g)).toHaveLength(1);
    expect(svg).toContain('2 inliers up to 0.5 px; 1 other tie points beyond');
    expect(drawHistogram([])).toContain('no residuals');
  });

  it('ends at a round number', () => {
    expect(roundUp(0.75)).toBe(0.8);
    expect(roundUp(13)).toBe(16);
    expect(roundUp(9)).toBe(10);
    expect(roundUp(0)).toBe(1);
  });
});

describe('numbers and text', () => {
  it('are short and safe', () => {
    expect(formatNumber(0.123456)).toBe('0.123');
    expect(formatNumber(12345.6)).toBe('12,346');
    expect(formatNumber(Number.NaN)).toBe('–');
    expect(formatMetres(9)).toBe('9 m');
    expect(formatMetres(15_846)).toBe('15.8 km');
    expect(escapeHtml(`<a href="x">&'`)).not.toMatch(/[<>"']/);
  });
});

/** How well an affine map is known whose tie points lie in the left half of 100 × 80 px. */
const errorField = predictErrorField(
  fitTransform(
    {
      source: Float64Array.of(5, 5, 40, 10, 10, 60, 35, 70, 20, 40),
      target: Float64Array.of(5, 5, 40, 10, 10, 60, 35, 70, 20, 40),
      covariance: Float64Array.from({ length: 15 }, (_, i) => (i % 3 === 1 ? 0 : 0.04)),
    },
    'affine',
  )!,
  { width: 100, height: 80 },
);

describe('the map of the predicted error', () => {
  it('states the least and the most, and grows away from the tie points', () => {
    const { columns, rows, sd, least, most } = sampleError(errorField);
    expect([columns, rows]).toEqual([48, 38]);
    expect(sd[19 * 48 + 12]!).toBeLessThan(0.12);
    expect(sd.at(-1)).toBeGreaterThan(0.2);
    const map = drawErrorMap(errorField, tiePoints);
    expect(map).toContain(`${formatNumber(least)} px at best, ${formatNumber(most)} px at worst`);
    expect(map.match(/class="contour"/g)!.length).toBeGreaterThan(1);
    expect(map.match(/<circle/g)).toHaveLength(2);
  });

  it('is drawn in lines of round values where they belong', () => {
    expect(roundLevels(0.07, 0.36, 5)).toEqual([0.1, 0.2, 0.3]);
    expect(roundLevels(1, 1, 5)).toEqual([]);
    // The value is the column: the line of 2.5 runs down the middle between the third and fourth.
    const values = Float64Array.from({ length: 5 * 4 }, (_, i) => i % 5);
    const { pieces } = traceContour(values, 5, 4, 2.5);
    expect(pieces.every(([x1, , x2]) => x1 === 2.5 && x2 === 2.5)).toBe(true);
    const length = pieces.reduce((sum, [, y1, , y2]) => sum + Math.abs(y2 - y1), 0);
    expect(length).toBeCloseTo(3, 9);
    expect(traceContour(values.fill(Number.NaN), 5, 4, 2.5).pieces).toEqual([]);
  });

  it('is coloured by a bitmap with its rows from the top', () => {
    const uri = bitmapToDataUri(1, 2, Uint8Array.of(255, 0, 0, 0, 0, 255));
    const bytes = Buffer.from(uri.split(',')[1]!, 'base64');
    expect(bytes.subarray(0, 2).toString()).toBe('BM');
    expect(bytes.readInt32LE(22)).toBe(-2);
    // Blue, green, red; rows are padded to four bytes.
    expect([...bytes.subarray(54, 62)]).toEqual([0, 0, 255, 0, 255, 0, 0, 0]);
  });
});

describe('normalised errors', () => {
  it('are residuals in units of their predicted deviation, whatever its direction', () => {
    const point = (dx: number, dy: number, covariance: TiePoint['covariance']): TiePoint => ({
      sensed: [0, 0],
      reference: [10 + dx, 20 + dy],
      covariance,
      score: 1,
    });
    const transform = affine(1, 0, 10, 0, 1, 20);
    expect(normalisedError(point(1, 0, [0.25, 0, 1]), transform)).toEqual([2, 0]);
    const [u, v] = normalisedError(point(3, 3, [5, 4, 5]), transform);
    // d² = [3, 3] Σ⁻¹ [3, 3]ᵀ = 2.
    expect(u * u + v * v).toBeCloseTo(2, 9);
  });

  it('are counted inside the rings', () => {
    const errors = [
      [0.1, 0],
      [0, 2],
      [2.5, 0],
      [9, 9],
    ] as const;
    expect(sharesInside(errors)).toEqual([0.25, 0.5, 0.75]);
    expect(drawNormalisedErrors(errors)).toContain('25 %, 50 %, 75 % lie inside the rings');
  });
});

describe('the numbers inside the report', () => {
  it('are those of the registration, and cannot end their element', () => {
    const text = scriptSafeJson(reportData({ ...input, errorField }));
    expect(text).not.toMatch(/[<>&]/);
    const data = JSON.parse(text) as {
      registration: Registration;
      tiePoints: unknown[];
      predictedSd: { values: number[] };
    };
    expect(data.registration).toEqual(registration);
    expect(data.tiePoints).toHaveLength(3);
    expect(data.predictedSd.values).toHaveLength(48 * 38);
    const page = renderReport({ ...input, errorField });
    expect(page).toContain(text);
    expect(page).toContain('How well it is known');
  });
});
