import type { Registration } from '../result/registration.js';
import { formatMetres, formatNumber } from '../report/html.js';
import { stages } from '../result/stage-times.js';
import { textTable } from './text-table.js';

/** Probabilities near one differ in what is left of it. */
function formatConfidence(confidence: number): string {
  return confidence.toFixed(confidence > 0.99 || confidence < 0.01 ? 3 : 2);
}

/** A registration in a few lines for people. */
export function summarise(registration: Registration, written: readonly string[]): string {
  const {
    verdict,
    confidence,
    reasons,
    warnings,
    model,
    inliers,
    tiePoints,
    imported,
    bands,
    accuracy,
    method,
    seconds,
    timings,
  } = registration;
  const rows: [string, string][] = [['verdict', `${verdict}, confidence ${formatConfidence(confidence)}`]];
  for (const reason of reasons) rows.push(['', reason]);
  rows.push(['tie points', `${inliers} of ${tiePoints} agree with one ${model} transform`]);
  if (imported !== undefined) rows.push(['imported', `${imported.inliers} of ${imported.tiePoints} of them agree`]);
  if (bands !== undefined) {
    const { referenceBand, band, tried } = bands;
    rows.push([
      'bands',
      `${referenceBand} of the reference, ${band} of the sensed image: best of ${tried.length} pairs`,
    ]);
  }
  if (accuracy !== null) {
    const metres = accuracy.ce90Metres === undefined ? '' : ` (${formatMetres(accuracy.ce90Metres)})`;
    rows.push([
      'accuracy',
      `check RMSE ${formatNumber(accuracy.checkRmse)} px, CE90 ${formatNumber(accuracy.ce90)} px${metres}, ` +
        `predicted sd ${formatNumber(accuracy.predictedSd)} px`,
    ]);
  }
  rows.push(['method', `${method}, ${formatNumber(seconds, 2)} s`]);
  if (timings !== undefined) {
    const told = stages.flatMap((stage) =>
      timings[stage] === undefined ? [] : [`${stage} ${timings[stage].toFixed(2)}`],
    );
    rows.push(['seconds', told.join(', ')]);
  }
  for (const warning of warnings) rows.push(['warning', warning]);
  for (const path of written) rows.push(['wrote', path]);
  return textTable(rows);
}
