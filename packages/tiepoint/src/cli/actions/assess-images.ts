import { openRaster } from '@tiepoint/raster';
import { assess, type Assessment } from '../../assess/assess.js';
import { formatMetres, formatNumber } from '../../report/html.js';
import type { AssessFlags } from '../commands/assess.js';
import { registerOptionsOf, statusOf } from '../registration-options.js';
import { openMasks } from '../masks.js';
import type { CliSession } from '../session.js';
import { dlsmOption } from '../weights-option.js';
import { keypointsOption } from '../keypoints-option.js';
import { textTable } from '../text-table.js';

function describe(found: Assessment): string {
  const rows: [string, string][] = [['verdict', found.verdict]];
  for (const reason of found.reasons) rows.push(['', reason]);
  rows.push(['placed', found.placement === 'georeference' ? 'by the georeferences' : 'pixel on pixel']);
  const { misregistration: m } = found;
  if (m !== null) {
    const metres = m.ce90Metres === undefined ? '' : ` (${formatMetres(m.ce90Metres)})`;
    rows.push(
      ['mean shift', `(${formatNumber(m.meanX)}, ${formatNumber(m.meanY)}) px`],
      ['RMSE', `${formatNumber(m.rmse)} px, ${formatNumber(m.rmseAboutMean)} px about the mean shift`],
      [
        'CE90',
        `${formatNumber(m.ce90)} px${metres}; median ${formatNumber(m.median)}, largest ${formatNumber(m.largest)} px`,
      ],
      ['measured to', `${formatNumber(found.predictedSd)} px (predicted sd)`],
    );
  }
  rows.push(['tie points', `${found.inliers} of ${found.tiePoints} agree with one transform`]);
  for (const warning of found.warnings) rows.push(['warning', warning]);
  return textTable(rows);
}

/** Measures the misregistration of two images by the command line's options. @throws TiepointError of reading and matching. */
export async function runAssess(
  referencePath: string,
  sensedPath: string,
  flags: AssessFlags,
  session: CliSession,
): Promise<void> {
  const { signal } = session;
  await using reference = await openRaster(referencePath, { signal });
  await using sensed = await openRaster(sensedPath, { signal });
  await using masks = await openMasks(flags, signal);
  const found = await assess(reference, sensed, {
    ...registerOptionsOf(flags, session),
    ...(await dlsmOption(flags.weights)),
    ...(await keypointsOption(flags)),
    ...masks.options,
  });
  session.progress('');
  session.exitCode = statusOf(found.verdict);
  if (flags.json) await session.out(`${JSON.stringify(found, null, 2)}\n`);
  else if (!flags.quiet) await session.out(describe(found));
}
