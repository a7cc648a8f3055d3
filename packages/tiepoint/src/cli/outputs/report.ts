import type { RasterFile } from '@tiepoint/raster';
import type { RegistrationResult } from '../result/registration-result.js';
import { buildReport } from '../report/build-report.js';
import { formatPointFile, pointFormatOf } from './point-file.js';
import type { RegistrationFlags } from './registration-options.js';
import { writeTextFile } from './write-text-file.js';

/** Writes the solution, the points and the report that were asked for, and returns their names. */
export async function writeSideOutputs(
  reference: RasterFile,
  sensed: RasterFile,
  result: RegistrationResult,
  flags: RegistrationFlags,
  signal: AbortSignal,
): Promise<string[]> {
  const overwrite = flags.overwrite === true;
  const written: string[] = [];
  if (flags.solution !== undefined) {
    writeTextFile(flags.solution, `${JSON.stringify(result.registration, null, 2)}\n`, overwrite);
    written.push(flags.solution);
  }
  if (flags.points !== undefined) {
    const format = pointFormatOf(flags.points);
    writeTextFile(flags.points, await formatPointFile(format, result.tiePoints, reference, sensed), overwrite);
    written.push(flags.points);
  }
  if (flags.report !== undefined) {
    const page = await buildReport(reference, sensed, result, {
      signal,
    });
    writeTextFile(flags.report, page, overwrite);
    written.push(flags.report);
  }
  return written;
}
