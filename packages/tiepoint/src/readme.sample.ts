import { writeFile } from 'node:fs/promises';
import { openRaster, warp } from '@tiepoint/raster';
import { register, transformFromJson } from 'tiepoint';
import { buildReport } from 'tiepoint/node';

export async function registerFiles(referencePath: string, sensedPath: string, output: string): Promise<string> {
  await using reference = await openRaster(referencePath);
  await using sensed = await openRaster(sensedPath);

  const result = await register(reference, sensed, { seed: 0 });
  const { verdict, reasons, accuracy } = result.registration;
  await writeFile(`${output}.html`, await buildReport(reference, sensed, result));

  const sensedToReference = transformFromJson(result.registration);
  if (sensedToReference === null) return `${verdict}: ${reasons.join(', ')}`; // refused: it may be chance
  await warp(sensed, output, { sensedToReference, reference, resampling: 'cubic' });
  return `${verdict}: CE90 ${accuracy?.ce90.toFixed(2)} px`;
}
