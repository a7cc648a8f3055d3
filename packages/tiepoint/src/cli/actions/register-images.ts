import { openRaster } from '@tiepoint/raster';
import { register } from '../../register.js';
import { transformFromJson } from '../../result/transform-json.js';
import { checkAccuracyOutput, writeAccuracyOutput } from '../accuracy-output.js';
import { checkOutputs } from '../check-outputs.js';
import type { RegisterFlags } from '../commands/register.js';
import { pointFormatOf } from '../point-file.js';
import { checkImageOutput, writeRegisteredImage } from '../registered-image.js';
import { registerOptionsOf, statusOf } from '../registration-options.js';
import { summarise } from '../registration-summary.js';
import { importedPointsOption } from '../imported-points.js';
import { openMasks } from '../masks.js';
import type { CliSession } from '../session.js';
import { dlsmOption } from '../weights-option.js';
import { keypointsOption } from '../keypoints-option.js';
import { writeSideOutputs } from '../side-outputs.js';

/** Registers two images by the command line's options. @throws TiepointError of reading, registering and writing. */
export async function runRegister(
  referencePath: string,
  sensedPath: string,
  output: string | undefined,
  flags: RegisterFlags,
  session: CliSession,
): Promise<void> {
  const overwrite = flags.overwrite === true;
  const outputs = [output, flags.solution, flags.points, flags.report, flags.accuracy].filter(
    (path) => path !== undefined,
  );
  if (output !== undefined) checkImageOutput(output, flags);
  if (flags.accuracy !== undefined) checkAccuracyOutput(flags.accuracy, flags);
  if (flags.points !== undefined) pointFormatOf(flags.points);
  const inputs = [referencePath, sensedPath, flags.mask, flags.referenceMask, flags.tiePoints].filter(
    (path) => path !== undefined,
  );
  await checkOutputs(outputs, inputs, overwrite);
  const { signal } = session;
  await using reference = await openRaster(referencePath, { signal });
  await using sensed = await openRaster(sensedPath, { signal });
  await using masks = await openMasks(flags, signal);
  const result = await register(reference, sensed, {
    ...registerOptionsOf(flags, session),
    ...(await dlsmOption(flags.weights)),
    ...(await keypointsOption(flags)),
    ...masks.options,
    ...(await importedPointsOption(flags, reference)),
  });
  const { registration } = result;
  const written: string[] = [];
  const transform = transformFromJson(registration);
  if (output !== undefined && registration.verdict !== 'refuse' && transform !== null) {
    await writeRegisteredImage(
      { sensed: sensedPath, output, sensedToReference: transform, reference, overwrite },
      flags,
      session,
    );
    written.push(output);
  }
  if (flags.accuracy !== undefined && (await writeAccuracyOutput(reference, result, flags.accuracy, flags, signal))) {
    written.push(flags.accuracy);
  }
  written.push(...(await writeSideOutputs(reference, sensed, result, flags, signal)));
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
