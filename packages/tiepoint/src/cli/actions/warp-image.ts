import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { openRaster } from '@tiepoint/raster';
import { parseSolution } from '../../solution/solution.js';
import { checkOutputs } from '../check-outputs.js';
import type { WarpFlags } from '../commands/warp.js';
import { readTextFile } from '../read-text-file.js';
import { checkImageOutput, writeRegisteredImage } from '../registered-image.js';
import type { CliSession } from '../session.js';
import { readStoredTransform } from '../stored-transform.js';

/** The reference image: as named, or where the solution says, also seen from the solution's own folder. */
async function findReference(flags: WarpFlags): Promise<string> {
  if (flags.reference !== undefined) return flags.reference;
  const named = flags.solution ?? flags.points ?? '';
  const source =
    flags.solution === undefined ? undefined : parseSolution(await readTextFile(named), named).reference?.source;
  if (source === undefined) {
    throw new TiepointError('usage', `${named} does not name its reference image`, {
      hint: 'Name the image with --reference.',
      value: named,
    });
  }
  if (/^https?:/i.test(source) || isAbsolute(source) || existsSync(source)) return source;
  const beside = resolve(dirname(named), source);
  return existsSync(beside) ? beside : source;
}

/** Applies a stored solution or control points to an image. @throws TiepointError of reading, writing, and `refused`. */
export async function runWarp(sensed: string, output: string, flags: WarpFlags, session: CliSession): Promise<void> {
  checkImageOutput(output, flags);
  const referencePath = await findReference(flags);
  const inputs = [sensed, referencePath, flags.solution, flags.points].filter((path) => path !== undefined);
  await checkOutputs([output], inputs, flags.overwrite === true);
  await using reference = await openRaster(referencePath, { signal: session.signal });
  const { transform: sensedToReference, solution } = await readStoredTransform(flags, reference);
  const expected = solution?.reference ?? null;
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
