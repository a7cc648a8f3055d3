import { isMatrixTransform, type Transform } from '@tiepoint/geometry';
import type { TiePoint } from '../result/tie-point.js';
import { drawHistogram } from './histogram.js';
import { escapeHtml, formatMetres, formatNumber } from './html.js';
import { drawErrorMap } from './error-map.js';
import { drawNormalisedErrors, normalisedError, sharesInside } from './normalised-errors.js';
import { drawOverlay } from './overlay.js';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';
import { reportData, scriptSafeJson } from './report-data.js';
import type { ReportInput } from './report-input.js';
import { drawTrend, trendWords } from './trend-chart.js';
import { drawVectorField } from './vector-field.js';
import { shellWord } from '../result/shell-word.js';
import { verdictWords } from './verdict-words.js';

/** Rows of the tie point table; the points file has them all. */
const maxRows = 200;

function verdictSection({ registration }: ReportInput): string {
  const { headline, sentences } = verdictWords(registration);
  const notes = [...registration.reasons, ...registration.warnings];
  return `<section class="verdict ${registration.verdict}"><div class="badge">${registration.verdict}</div><h1>${headline}</h1>
${sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join('\n')}
${notes.length === 0 ? '' : `<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>`}</section>`;
}

function cards({ registration, displacementBefore }: ReportInput): string {
  const { accuracy, inliers, tiePoints, imported } = registration;
  const metres = accuracy?.ce90Metres;
  const entries: [string, string][] = [
    ['Tie points that agree', `${inliers} <small>of ${tiePoints}</small>`],
    ['Transform', escapeHtml(registration.model)],
  ];
  if (imported !== undefined) {
    entries.push(['Imported tie points that agree', `${imported.inliers} <small>of ${imported.tiePoints}</small>`]);
  }
  if (displacementBefore !== null) {
    entries.push(['Apart before (median)', `${formatNumber(displacementBefore.median)} <small>px</small>`]);
  }
  if (accuracy !== null) {
    entries.push(
      ['Error of unseen tie points (RMS)', `${formatNumber(accuracy.checkRmse)} <small>px</small>`],
      [
        'CE90',
        `${formatNumber(accuracy.ce90)} <small>px${metres === undefined ? '' : `, ${formatMetres(metres).replace(' ', '\u00a0')}`}</small>`,
      ],
      ['Predicted error of the transform', `${formatNumber(accuracy.predictedSd)} <small>px</small>`],
    );
  }
  entries.push(['Confidence (right to 3 px)', registration.confidence.toFixed(3)]);
  entries.push(['Time', `${formatNumber(registration.seconds, 2)} <small>s</small>`]);
  return `<dl class="cards">${entries.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>`;
}

function radio(name: string, value: string, label: string, checked: boolean, disabled = false): string {
  return `<label><input type="radio" name="${name}" value="${value}"${checked ? ' checked' : ''}${disabled ? ' disabled' : ''}>${label}</label>`;
}

function pictures(input: ReportInput): string {
  const { images, grid, beforePlacement } = input;
  const registered = images.after !== null;
  const { svg, exaggeration } = drawOverlay(input);
  return `<section aria-labelledby="pictures"><h2 id="pictures">The two images, one on the other</h2>
<div class="toolbar">
<fieldset aria-label="View">${radio('view', 'swipe', 'Swipe', true)}${radio('view', 'checkerboard', 'Checkerboard', false)}${radio('view', 'flicker', 'Flicker', false)}${radio('view', 'blend', 'Blend', false)}${radio('view', 'difference', 'Difference', false)}</fieldset>
<fieldset aria-label="Sensed image">${radio('state', 'before', 'Before', !registered)}${radio('state', 'after', 'After', registered, !registered)}</fieldset>
<label class="range"><span id="range-name">Position</span><input id="range" type="range" min="0" max="100" step="0.5" value="50"></label>
<label class="range"><input id="points" type="checkbox"> Tie points</label>${images.marks === null ? '' : '<label class="range"><input id="marks-shown" type="checkbox" checked> Marks of both files</label>'}
<span class="range"><button id="zoom-out" aria-label="Zoom out">−</button><button id="zoom-fit" aria-label="Fit to the window"><span id="zoom">100 %</span></button><button id="zoom-in" aria-label="Zoom in">+</button></span>
</div>
<div class="viewport" tabindex="0" role="group" aria-label="Images; arrow keys move the swipe, 1 to 5 change the view, b switches before and after, p shows tie points, plus and minus zoom">
<div class="stage" data-view="swipe" data-phase="1" style="--fit: min(100%, calc(76vh * ${(grid.width / grid.height).toFixed(4)})); container-type: inline-size">
<img src="${images.reference}" alt="The reference image" width="${grid.width}" height="${grid.height}">
<img class="top" id="before" src="${images.before}" alt="The sensed image before registration"${registered ? ' hidden' : ''}>
${images.after === null ? '' : `<img class="top" id="after" src="${images.after}" alt="The sensed image on the reference">`}
<canvas id="difference" role="img" aria-label="Difference of the two images" width="1" height="1"></canvas>
${images.marks === null ? '' : `<img class="marks" src="${images.marks}" alt="Marks that both files carry at the same pixels">`}${svg}<div class="handle"></div><div class="names" aria-hidden="true"><span class="left">reference</span><span class="right">sensed</span></div>
</div></div>
<div class="legend"><span><svg viewBox="0 0 22 14"><circle cx="11" cy="7" r="3" fill="#5ff0e2"/></svg>inlier, at its matched place</span>
<span><svg viewBox="0 0 22 14"><path d="M3 7h16" stroke="#ffe14d" stroke-width="2"/></svg>residual, to where the transform puts it, drawn ${exaggeration} times as long</span>
<span><svg viewBox="0 0 22 14"><ellipse cx="11" cy="7" rx="8" ry="4" fill="none" stroke="#5ff0e2"/></svg>90 % error ellipse, ${exaggeration} times as large</span>
<span><svg viewBox="0 0 22 14"><path d="M7 3l8 8m-8 0l8 -8" stroke="#ff8457" stroke-width="2"/></svg>tie point that does not agree</span>${
    images.marks === null
      ? ''
      : '<span><svg viewBox="0 0 22 14"><rect x="3" y="2" width="16" height="10" fill="#ff00c8" fill-opacity=".5"/></svg>mark that both files carry at the same pixels, left out</span>'
  }</div>
<p class="note">Before: the sensed image placed ${escapeHtml(beforePlacement)}. <span class="keys">Keys: <kbd>←</kbd> <kbd>→</kbd> swipe, <kbd>1</kbd>–<kbd>5</kbd> view, <kbd>b</kbd> before or after, <kbd>p</kbd> tie points, <kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd> zoom.</span></p>
<p class="note" id="difference-note"></p><div class="prints"></div></section>`;
}

function residuals({ tiePoints }: ReportInput): string {
  return `<section aria-labelledby="residuals"><h2 id="residuals">Residuals</h2><div class="panel">${drawHistogram(tiePoints)}
<p class="legend"><span><span class="key" style="background:var(--in)"></span>inliers</span><span><span class="key" style="background:var(--out)"></span>other tie points</span></p></div></section>`;
}

function trust({ tiePoints, errorField, sensedToReference }: ReportInput): string {
  if (errorField === null || sensedToReference === null) return '';
  const errors = tiePoints
    .filter(({ inlier }) => inlier === true)
    .map((point) => normalisedError(point, sensedToReference));
  const [half, most] = sharesInside(errors).map((share) => `${Math.round(100 * share)} %`);
  return `<section aria-labelledby="trust"><h2 id="trust">How well it is known</h2><div class="pair">
<figure class="panel"><figcaption>Predicted error of the transform: standard deviation per axis, px of the reference</figcaption>${drawErrorMap(errorField, tiePoints)}
<p class="note">Propagated from the covariance of the parameters: how well the transform is known at each place, not how far relief or change departs from it. Dots are inliers; it grows away from them.</p></figure>
<figure class="panel"><figcaption>Residuals of inliers in units of their own predicted error</figcaption>${drawNormalisedErrors(errors)}
<p class="note">If the tie points know their error, the rings hold 50, 90 and 99 % of them. Here the inner one holds ${half}, the middle one ${most} of ${errors.length}. Points outside the picture stand on its rim.</p></figure></div></section>`;
}

function misregistration({
  displacementBefore: before,
  vectorsBefore,
  grid,
  beforePlacement,
  registration,
}: ReportInput): string {
  if (before === null) return '';
  const { svg, exaggeration } = drawVectorField(vectorsBefore, grid);
  const metres = before.ce90Metres === undefined ? '' : formatMetres(before.ce90Metres);
  const left = registration.accuracy;
  const rows: [string, string, string][] = [
    ['mean shift', `(${formatNumber(before.meanX)}, ${formatNumber(before.meanY)}) px`, ''],
    ['RMS', `${formatNumber(before.rmse)} px`, left === null ? '' : `${formatNumber(left.checkRmse)} px`],
    ['RMS about the mean shift', `${formatNumber(before.rmseAboutMean)} px`, ''],
    ['CE90', `${formatNumber(before.ce90)} px`, left === null ? '' : `${formatNumber(left.ce90)} px`],
    ['CE90 on the ground', metres, left?.ce90Metres === undefined ? '' : formatMetres(left.ce90Metres)],
    ['largest', `${formatNumber(before.largest)} px`, ''],
  ];
  return `<section aria-labelledby="misregistration"><h2 id="misregistration">How far off the files were</h2><div class="pair">
<figure class="panel"><figcaption>From where tie points belong to where the files show them, ${exaggeration} times as long</figcaption>${svg}</figure>
<div class="panel"><table class="facts"><thead><tr><td></td><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>${rows
    .filter(([, first]) => first !== '')
    .map(([name, first, second]) => `<tr><th scope="row">${name}</th><td>${first}</td><td>${second}</td></tr>`)
    .join(
      '',
    )}</tbody></table><p class="note">Before: placed ${escapeHtml(beforePlacement)}. After: at tie points that took no part in the fit.</p></div></div></section>`;
}

function trendSection({ trends }: ReportInput): string {
  if (trends.length === 0) return '';
  const figures = trends.map((trend) => {
    const { against, unit, x, y } = trend;
    const along = (line: typeof x): string =>
      `${formatNumber(line.slope)} ± ${formatNumber(line.slopeSd, 2)} (correlation ${line.correlation.toFixed(2)})`;
    return `<figure class="panel"><figcaption>Displacement against the ${trendWords[against]}</figcaption>${drawTrend(trend)}
<p class="note">px for 1 ${unit}: x ${along(x)}, y ${along(y)}</p></figure>`;
  });
  return `<section aria-labelledby="trends"><h2 id="trends">What the displacements depend on</h2><div class="pair">${figures.join('')}</div>
<p class="legend"><span><svg viewBox="0 0 22 14"><circle cx="11" cy="7" r="4" fill="#0fb5a6"/></svg>along x</span><span><svg viewBox="0 0 22 14"><rect x="7.5" y="3.5" width="7" height="7" fill="#f2643d"/></svg>along y</span>
<span>means of parts of the range, px of the reference; bars are standard deviations</span></p></section>`;
}

/** Whether a tie point agrees, and where it is from. */
function kindWords({ inlier, imported, by, off }: TiePoint): string {
  const agrees = off ? 'off' : inlier === true ? 'inlier' : inlier === false ? 'outlier' : '–';
  const from = by === 'hand' ? ', by hand' : by === 'snapping' ? ', snapped' : imported ? ', imported' : '';
  return agrees + from;
}

function pointRow(point: TiePoint, transform: Transform | null): string {
  const { sensed, reference, covariance, score, residual } = point;
  const [xx, xy, yy] = covariance;
  const correlation = xy / Math.sqrt(xx * yy);
  const cells = [
    kindWords(point),
    sensed[0].toFixed(2),
    sensed[1].toFixed(2),
    reference[0].toFixed(2),
    reference[1].toFixed(2),
    residual === undefined ? '–' : residual.toFixed(2),
    formatNumber(Math.sqrt(xx), 2),
    formatNumber(Math.sqrt(yy), 2),
    Number.isFinite(correlation) ? correlation.toFixed(2) : '–',
    transform === null
      ? '–'
      : Math.hypot(...normalisedError({ sensed, reference, covariance, score }, transform)).toFixed(2),
    score.toFixed(2),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function table({ tiePoints, sensedToReference }: ReportInput): string {
  if (tiePoints.length === 0) return '';
  const sorted = tiePoints.toSorted(
    (a, b) => Number(b.inlier ?? false) - Number(a.inlier ?? false) || (b.residual ?? 0) - (a.residual ?? 0),
  );
  const heads = [
    'kind',
    'sensed x',
    'sensed y',
    'reference x',
    'reference y',
    'residual',
    'σx',
    'σy',
    'correlation',
    'normalised',
    'score',
  ];
  const rest = sorted.length - maxRows;
  return `<section aria-labelledby="points-table"><h2 id="points-table">Tie points</h2><details class="panel"><summary>${sorted.length} tie points, inliers first, the longest residual on top (px)</summary>
<table class="points"><thead><tr>${heads.map((head) => `<th scope="col"><button type="button">${head}</button></th>`).join('')}</tr></thead><tbody>${sorted
    .slice(0, maxRows)
    .map((point) => pointRow(point, sensedToReference))
    .join('')}</tbody></table>
<p class="note">A head sorts by its column. σ: predicted error of the match along x and y; normalised: residual over predicted error (90 % of good points below 2.15).</p>
${rest > 0 ? `<p class="note">${rest} more are left out here; <code>--points FILE</code> writes them all.</p>` : ''}</details></section>`;
}

function transformSection({ sensedToReference, registration }: ReportInput): string {
  if (sensedToReference === null) return '';
  const body = isMatrixTransform(sensedToReference)
    ? `<table class="matrix"><tbody>${[0, 3, 6]
        .map(
          (row) =>
            `<tr>${sensedToReference.matrix
              .slice(row, row + 3)
              .map((value) => `<td>${value.toPrecision(9)}</td>`)
              .join('')}</tr>`,
        )
        .join(
          '',
        )}</tbody></table><p class="note">Maps homogeneous sensed pixel coordinates to reference pixel coordinates; (0, 0) is the outer corner of the first pixel.</p>`
    : `<p>The ${registration.model} model is not a matrix; its parameters stand in the solution file.</p>`;
  return `<section aria-labelledby="transform"><h2 id="transform">Transform, sensed to reference</h2><div class="panel">${body}</div></section>`;
}

/** How to look at the same images in the viewer. */
function viewCommand({ registration }: ReportInput): string {
  const { inputs } = registration.provenance;
  const sources = (['reference', 'sensed'] as const).map((role) => inputs.find((input) => input.role === role)?.source);
  if (sources.includes(undefined)) return '';
  const command = ['tiepoint', 'view', ...sources.map((source) => source!)].map(shellWord).join(' ');
  return `<p>To look closer and to mend tie points: <code>${escapeHtml(command)}</code></p>`;
}

/** What a person changed, in words; empty where nothing was. */
function editWords({ registration: { provenance } }: ReportInput): string {
  const { edits } = provenance;
  if (edits === undefined) return '';
  const parts = [
    ...(edits.off.length === 0 ? [] : [`tie points switched off: ${edits.off.length}`]),
    ...(edits.added.length === 0 ? [] : [`tie points set: ${edits.added.length}`]),
    ...(edits.excluded.length === 0 ? [] : [`areas left out: ${edits.excluded.length}`]),
    ...(edits.model === undefined ? [] : [`model: ${edits.model}`]),
  ];
  return parts.join('; ');
}

function provenance(input: ReportInput): string {
  const { registration } = input;
  const edited = editWords(input);
  const { provenance: from, method, model } = registration;
  const rows: [string, string][] = [
    ...from.inputs.map(({ role, source, width, height, band, mask }): [string, string] => [
      role,
      `${source}, ${width} × ${height} px, ${band === 'luminance' ? 'luminance' : `band ${band}`}${mask === undefined ? '' : `, masked by ${mask}`}`,
    ]),
    ['method', method],
    ['model', model],
    ...(from.tiePoints === undefined ? [] : ([['imported tie points', from.tiePoints]] satisfies [string, string][])),
    ['chance agreements expected', `10^${formatNumber(registration.logFalseAlarms)}`],
    ['tool', from.tool],
    ['weights', from.weights ?? 'none: hand-made features'],
    ...(from.keypointWeights === undefined
      ? []
      : [['keypoint weights', from.keypointWeights] satisfies [string, string]]),
    ['seed', String(from.seed)],
    ...(edited === '' ? [] : [['edited by hand', edited] satisfies [string, string]]),
  ];
  return `<section aria-labelledby="provenance"><h2 id="provenance">Provenance</h2><div class="panel"><table class="facts"><tbody>${rows
    .map(([name, value]) => `<tr><th scope="row">${name}</th><td>${escapeHtml(value)}</td></tr>`)
    .join('')}</tbody></table></div></section>`;
}

/** Renders a registration as one HTML page that needs nothing beside itself. */
export function renderReport(input: ReportInput): string {
  const { inputs } = input.registration.provenance;
  const name = (role: string): string =>
    inputs
      .find((entry) => entry.role === role)
      ?.source.split('/')
      .at(-1) ?? role;
  const title = `${name('sensed')} on ${name('reference')}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escapeHtml(title)} – tiepoint</title><style>${pageStyle}</style></head><body><main>
<p class="note">Registration of <strong>${escapeHtml(title)}</strong></p>
${verdictSection(input)}
${cards(input)}
${pictures(input)}
${trust(input)}
${misregistration(input)}
${trendSection(input)}
${residuals(input)}
${table(input)}
${transformSection(input)}
${provenance(input)}
${viewCommand(input)}
<footer><button id="save" type="button">Save the numbers (JSON)</button> Written by ${escapeHtml(input.registration.provenance.tool)}.</footer>
</main><script type="application/json" id="report-data">${scriptSafeJson(reportData(input))}</script><script>${pageScript}</script></body></html>
`;
}
