import { bandNumber } from '@tiepoint/raster';
import { detect } from '../../detect/detect.js';
import type { DetectFlags } from '../commands/detect.js';
import { detectorOption } from '../keypoints-option.js';
import { openMasks } from '../masks.js';
import { openImage } from '../open-image.js';
import { detectOutputs } from '../outputs/lists.js';
import { checkNamedOutputs, writeNamedOutputs } from '../outputs/output.js';
import type { CliSession } from '../session.js';

/** Finds keypoints by the command line's options. @throws TiepointError of reading, detecting and writing. */
export async function runDetect(path: string, flags: DetectFlags, session: CliSession): Promise<void> {
  const { points, count, threshold, band, quiet } = flags;
  await checkNamedOutputs(detectOutputs, flags, [path, flags.mask]);
  const { signal } = session;
  await using image = await openImage(path, session, band);
  await using masks = await openMasks(flags, signal);
  session.progress('detecting keypoints');
  const found = await detect(image, {
    count,
    threshold,
    // Nothing said leaves it to the library, which says so where none is shipped.
    detector: flags.detector === undefined ? undefined : await detectorOption(flags.detector),
    band: band === undefined ? undefined : bandNumber(image, band),
    mask: masks.options.mask,
    signal,
  });
  session.progress('');
  await writeNamedOutputs(detectOutputs, { flags, session, image, keypoints: found.keypoints });
  if (!quiet) {
    for (const warning of found.warnings) session.err(`tiepoint: ${warning}`);
    session.err(`${found.keypoints.length} keypoints${points === undefined ? '' : ` in ${points}`} (${found.method})`);
  }
  if (flags.json) {
    await session.out(`${JSON.stringify(found, null, 2)}\n`);
  } else if (points === undefined) {
    const lines = found.keypoints.map(({ x, y, score }) => `${x.toFixed(3)} ${y.toFixed(3)} ${score.toFixed(4)}\n`);
    await session.out(lines.join(''));
  }
}
