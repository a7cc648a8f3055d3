import { matchImages } from '../../match.js';
import type { MatchFlags } from '../commands/match.js';
import { matchOutputs } from '../outputs/lists.js';
import { checkNamedOutputs, writeNamedOutputs } from '../outputs/output.js';
import { registerOptionsOf } from '../register-options-of.js';
import { importedPointsOption } from '../imported-points.js';
import { openMasks } from '../masks.js';
import { openPair } from '../open-pair.js';
import type { CliSession } from '../session.js';
import { dlsmOption } from '../weights-option.js';
import { keypointsOption } from '../keypoints-option.js';

/** Finds tie points by the command line's options. @throws TiepointError of reading, matching and writing. */
export async function runMatch(
  referencePath: string,
  sensedPath: string,
  flags: MatchFlags,
  session: CliSession,
): Promise<void> {
  const inputs = [referencePath, sensedPath, flags.mask, flags.referenceMask, flags.tiePoints, flags.dem];
  await checkNamedOutputs(matchOutputs, flags, inputs);
  const { signal } = session;
  await using pair = await openPair(referencePath, sensedPath, flags, session);
  const { reference, sensed } = pair;
  await using masks = await openMasks(flags, signal);
  const { tiePoints, ...found } = await matchImages(reference, sensed, {
    ...registerOptionsOf(flags, session, reference, sensed),
    ...(await dlsmOption(flags.weights)),
    ...(await keypointsOption(flags)),
    ...masks.options,
    ...(await importedPointsOption(flags, reference, sensed)),
  });
  session.progress('');
  await writeNamedOutputs(matchOutputs, { flags, session, reference, sensed, tiePoints });
  if (!flags.quiet) {
    for (const warning of found.warnings) session.err(`tiepoint: ${warning}`);
    session.err(
      `${tiePoints.length} tie points${flags.points === undefined ? '' : ` in ${flags.points}`} (${found.method})`,
    );
  }
  if (flags.json) {
    await session.out(`${JSON.stringify({ version: 1, ...found, tiePoints }, null, 2)}\n`);
  } else if (flags.points === undefined) {
    const lines = tiePoints.map(({ sensed: [x, y], reference: [X, Y] }) =>
      [x, y, X, Y].map((value) => value.toFixed(3)).join(' '),
    );
    if (lines.length > 0) await session.out(`${lines.join('\n')}\n`);
  }
}
