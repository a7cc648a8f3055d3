import { type Assessment, assessmentOf } from '../../assess/assess.js';
import { requirePlace } from '../../assess/terrain.js';
import type { Trend } from '../../assess/trends.js';
import { register } from '../../register.js';
import { formatMetres, formatNumber } from '../../report/html.js';
import type { AssessFlags } from '../commands/assess.js';
import { assessOutputs } from '../outputs/lists.js';
import { checkNamedOutputs, writeNamedOutputs } from '../outputs/output.js';
import { statusOf } from '../registration-options.js';
import { registerOptionsOf } from '../register-options-of.js';
import { importedPointsOption } from '../imported-points.js';
import { openMasks } from '../masks.js';
import { openPair } from '../open-pair.js';
import type { CliSession } from '../session.js';
import { dlsmOption } from '../weights-option.js';
import { keypointsOption } from '../keypoints-option.js';
import { textTable } from '../text-table.js';

/** How much of a quantity people think in. */
const per = { column: 1000, row: 1000, elevation: 100, slope: 10 } as const;

function describeTrend({ against, unit, x, y }: Trend): string {
  const each = per[against];
  const along = (line: Trend['x']): string =>
    `${formatNumber(line.slope * each)} ± ${formatNumber(line.slopeSd * each, 2)}`;
  return `(${along(x)}, ${along(y)}) px for ${each} ${unit}, correlation (${x.correlation.toFixed(2)}, ${y.correlation.toFixed(2)})`;
}

function describe(found: Assessment, written: readonly string[]): string {
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
  for (const trend of found.trends) rows.push([`by ${trend.against}`, describeTrend(trend)]);
  if (found.afterwards !== null) {
    const { model, ce90, checkRmse, ce90Metres } = found.afterwards;
    const ground = ce90Metres === undefined ? '' : ` (${formatMetres(ce90Metres)})`;
    rows.push([
      'afterwards',
      `check RMSE ${formatNumber(checkRmse)} px, CE90 ${formatNumber(ce90)} px${ground}: what a registration (${model}) would leave`,
    ]);
  }
  rows.push(['tie points', `${found.inliers} of ${found.tiePoints} agree with one transform`]);
  for (const warning of found.warnings) rows.push(['warning', warning]);
  for (const path of written) rows.push(['wrote', path]);
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
  const inputs = [referencePath, sensedPath, flags.mask, flags.referenceMask, flags.tiePoints, flags.dem];
  await checkNamedOutputs(assessOutputs, flags, inputs);
  await using pair = await openPair(referencePath, sensedPath, flags, session);
  const { reference, sensed, dem } = pair;
  // Told before the work begins.
  if (dem !== null) requirePlace(reference);
  await using masks = await openMasks(flags, signal);
  const result = await register(reference, sensed, {
    ...registerOptionsOf(flags, session, reference, sensed),
    ...(await dlsmOption(flags.weights)),
    ...(await keypointsOption(flags)),
    ...masks.options,
    ...(await importedPointsOption(flags, reference, sensed)),
  });
  const found = await assessmentOf(reference, sensed, result, {
    georeference: flags.georeference,
    dem: dem ?? undefined,
    signal,
  });
  const context = { flags, session, reference, sensed, result, assessment: found };
  const written = await writeNamedOutputs(assessOutputs, context);
  session.progress('');
  session.exitCode = statusOf(found.verdict);
  if (flags.json) await session.out(`${JSON.stringify(found, null, 2)}\n`);
  else if (!flags.quiet) await session.out(describe(found, written));
}
