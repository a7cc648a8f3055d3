import { adaptTransform, identity, invertTransform, TiepointError, type Transform } from '@tiepoint/geometry';
import { bandNumber, type RasterFile, type WarpResult } from '@tiepoint/raster';
import { metadataItems } from '../../result/metadata-items.js';
import { productToRegistered } from '../../result/product-pixels.js';
import { parseSolution, type Solution } from '../../result/solution.js';
import type { WarpFlags } from '../commands/warp.js';
import { findSource } from '../find-source.js';
import { openImage } from '../open-image.js';
import { readTextFile } from '../read-text-file.js';
import { imageOutput } from '../outputs/image.js';
import { checkNamedOutputs, writeNamedOutputs } from '../outputs/output.js';
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
  return findSource(source, named);
}

/** A solution's transform between the pixels of another product of the scene and those of another reference, where they are others. */
async function forProduct(
  transform: Transform,
  solution: Solution,
  sensed: RasterFile,
  reference: RasterFile,
): Promise<Transform> {
  const before = solution.sensed === null ? identity : await productToRegistered(sensed, solution.sensed, 'sensed');
  const toReference =
    solution.reference === null ? identity : await productToRegistered(reference, solution.reference, 'reference');
  const after = invertTransform(toReference);
  const adapted = after && adaptTransform(transform, before, after);
  if (adapted) return adapted;
  throw new TiepointError(
    'sensed-mismatch',
    `${sensed.name}: a ${transform.model} solution cannot be turned or stretched to its pixels`,
    { hint: 'Bring the product to the pixels of the registered image first, with gdalwarp.', value: sensed.name },
  );
}

/** Applies a stored solution or control points to an image. @throws TiepointError of reading, writing, and `refused`. */
export async function runWarp(
  sensedPath: string,
  output: string,
  options: WarpFlags,
  session: CliSession,
): Promise<void> {
  const flags = { ...options, output };
  await imageOutput.check(output, flags);
  const referencePath = await findReference(flags);
  await checkNamedOutputs([imageOutput], flags, [sensedPath, referencePath, flags.solution, flags.points]);
  await using reference = await openImage(referencePath, session);
  await using sensed = await openImage(sensedPath, session, flags.band);
  const { transform, solution, warnings } = await readStoredTransform(flags, { reference, sensed });
  for (const warning of warnings) session.err(`tiepoint: ${warning}`);
  let result: WarpResult | null = null;
  await writeNamedOutputs([imageOutput], {
    flags,
    session,
    sensed,
    reference,
    sensedToReference: solution === null ? transform : await forProduct(transform, solution, sensed, reference),
    items: solution?.items ?? metadataItems(null),
    bands: flags.band === undefined ? undefined : [bandNumber(sensed, flags.band)],
    onWritten: (written) => {
      result = written;
    },
  });
  session.progress('');
  if (!flags.quiet) sayWritten(output, result, session);
}

function sayWritten(output: string, result: WarpResult | null, session: CliSession): void {
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
