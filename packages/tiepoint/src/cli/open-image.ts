import { bandNumber, type RasterFile } from '@tiepoint/raster';
import { openSource } from './open-source.js';
import type { CliSession } from './session.js';

/** A band as the command line names it: its number, its name, or `auto`. */
export type NamedBand = number | string;

/** Opens an image that the user named; a product as the band that is meant. @throws TiepointError of opening. */
export function openImage(
  source: string,
  { signal, open = openSource }: Pick<CliSession, 'signal' | 'open'>,
  band?: NamedBand,
): Promise<RasterFile> {
  return open(source, { signal, band: typeof band === 'string' && band !== 'auto' ? band : undefined });
}

/** The number of a band that is named, or `auto`. @throws TiepointError `no-such-band` */
export function bandOption(file: RasterFile, band: NamedBand | undefined): number | 'auto' | undefined {
  return band === undefined || band === 'auto' ? band : bandNumber(file, band);
}
