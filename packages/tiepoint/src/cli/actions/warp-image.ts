import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { openRaster } from '@tiepoint/raster';
import { parseSolution, type Solution, usableTransform } from '../../solution/solution.js';
import { checkOutputs } from '../check-outputs.js';
import type { WarpFlags } from '../commands/warp.js';
import { readTextFile } from '../read-text-file.js';
import { checkImageOutput, writeRegisteredImage } from '../registered-image.js';
import type { CliSession } from '../session.js';

/** The reference image: as named, or where the solution says, also seen from the solution's own folder. */
function findReference(solution: Solution, flags: WarpFlags): string {
  if (flags.reference !== undefined) return flags.reference;
  const source = solution.reference?.source;
  if (source === undefined) {
    throw new TiepointError('usage', `${flags.solution} does not name its reference image`, {
      hint: 'Name the image with --reference.',
      value: flags.solution,
    });
  }
  if (/^https?:/i.test(source) || isAbsolute(source) || existsSync(source)) return source;
  const beside = resolve(dirname(flags.solution), source);
  return existsSync(beside) ? beside : source;
}

/** Applies a stored solution to an image. @throws TiepointError of reading, writing, and `refused`. */
export async function runWarp(sensed: string, output: string, flags: WarpFlags, session: CliSession): Promise<void> {
  const solution = parseSolution(await readTextFile(flags.solution), flags.solution);
  const sensedToReference = usableTransform(solution, flags.solution);
  const referencePath = findReference(solution, flags);
  checkImageOutput(output, flags);
  await checkOutputs([output], [sensed, referencePath, flags.solution], flags.overwrite === true);
  await using reference = await openRaster(referencePath, { signal: session.signal });
  const expected = solution.reference;
  if (expected !== null && (expected.width !== reference.width || expected.height !== reference.height)) {
    const sizes = `${reference.width} × ${reference.height} px, the solution was made for ${expected.width} × ${expected.height} px`;
    throw new TiepointError('reference-mismatch', `${referencePath}: has ${sizes}`, {
      hint: 'Name the reference image that was registered with --reference.',
      value: referencePath,
    });
  }
  const result = await writeRegisteredImage(
    {
      sensed,
      output,
      sensedToReference,
      reference,
      overwrite: flags.overwrite === true,
      ...(flags.band === undefined ? {} : { bands: [flags.band] }),
    },
    flags,
    session,
  );
  session.progress('');
  if (flags.quiet) return;
  if (result === null) {
    session.err(`wrote ${output}`);
    return;
  }
  for (const warning of result.warnings) session.err(`tiepoint: ${warning}`);
  const covered = `${Math.round(100 * result.validFraction)} % of it covered`;
  session.err(
    `wrote ${output}: ${result.width} × ${result.height} px, ${result.bands} × ${result.dataType}, ${covered}`,
  );
}
