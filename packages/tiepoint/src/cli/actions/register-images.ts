import { openRaster } from '@tiepoint/raster';
import { register } from '../../register.js';
import { transformFromJson } from '../../result/transform-json.js';
import type { RegisterFlags } from '../commands/register.js';
import { importedPointsOption } from '../imported-points.js';
import { keypointsOption } from '../keypoints-option.js';
import { openMasks } from '../masks.js';
import { registerOutputs } from '../outputs/lists.js';
import { checkNamedOutputs, writeNamedOutputs } from '../outputs/output.js';
import { registerOptionsOf, statusOf } from '../registration-options.js';
import { summarise } from '../registration-summary.js';
import type { CliSession } from '../session.js';
import { dlsmOption } from '../weights-option.js';

/** Registers two images by the command line's options. @throws TiepointError of reading, registering and writing. */
export async function runRegister(
  referencePath: string,
  sensedPath: string,
  output: string | undefined,
  options: RegisterFlags,
  session: CliSession,
): Promise<void> {
  const flags = { ...options, output };
  const inputs = [referencePath, sensedPath, flags.mask, flags.referenceMask, flags.tiePoints];
  await checkNamedOutputs(registerOutputs, flags, inputs);
  const { signal } = session;
  await using reference = await openRaster(referencePath, { signal });
  await using sensed = await openRaster(sensedPath, { signal });
  await using masks = await openMasks(flags, signal);
  const result = await register(reference, sensed, {
    ...registerOptionsOf(flags, session),
    ...(await dlsmOption(flags.weights)),
    ...(await keypointsOption(flags)),
    ...masks.options,
    ...(await importedPointsOption(flags, reference, sensed)),
  });
  const { registration, tiePoints } = result;
  const written = await writeNamedOutputs(registerOutputs, {
    flags,
    session,
    reference,
    sensed,
    result,
    tiePoints,
    sensedToReference: transformFromJson(registration),
  });
  session.progress('');
  session.exitCode = statusOf(registration.verdict);
  if (flags.json) {
    await session.out(`${JSON.stringify(registration, null, 2)}\n`);
    if (!flags.quiet)
      for (const note of [...registration.reasons, ...registration.warnings]) session.err(`tiepoint: ${note}`);
  } else if (!flags.quiet) {
    await session.out(summarise(registration, written));
  }
}
