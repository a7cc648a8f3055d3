import { basename, extname } from 'node:path';
import { TiepointError } from '@tiepoint/geometry';
import { bandNumber, type RasterFile } from '@tiepoint/raster';
import type { RegisterFlags } from './commands/register.js';
import { bandOption, openImage } from './open-image.js';
import type { CliSession } from './session.js';

/** What is laid on the others: a band of the one file, or all bands of one of several. */
export interface BandLayer {
  /** For people: the band's description or number, or the file's name. */
  readonly name: string;
  /** With names of bands that have none themselves. */
  readonly file: RasterFile;
  /** The band that is matched; undefined for what the file's luminance is. */
  readonly band: number | undefined;
  /** The bands that are written, from 1. */
  readonly bands: readonly number[];
}

/** The bands of a file but alpha. */
function bandsOf(file: RasterFile): readonly number[] {
  return file.bands.filter(({ colorInterpretation }) => colorInterpretation !== 'alpha').map(({ index }) => index);
}

function layersOfFile(file: RasterFile): readonly BandLayer[] {
  return bandsOf(file).map((band) => ({
    name: file.bands[band - 1]!.name ?? `band ${band}`,
    file,
    band,
    bands: [band],
  }));
}

function layerOfFile(path: string, file: RasterFile, flags: RegisterFlags): BandLayer {
  const name = basename(path, extname(path));
  const bands = bandsOf(file);
  // What tells the files of a capture apart is their names.
  const named = file.bands.map((band) => ({
    ...band,
    name: band.name ?? (bands.length === 1 ? name : `${name} ${band.index}`),
  }));
  const band = bandOption(file, flags.band);
  return { name, file: { ...file, bands: named }, band: band === 'auto' ? undefined : band, bands };
}

/**
 * Opens what is laid on one another: the bands of one file, or several files.
 *
 * @throws TiepointError of opening, and `usage` where there is only one
 */
export async function openBandLayers(
  paths: readonly string[],
  flags: RegisterFlags,
  session: CliSession,
): Promise<AsyncDisposable & { readonly layers: readonly BandLayer[] }> {
  const files: RasterFile[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(files.map((file) => file.close()));
  };
  try {
    for (const path of paths) files.push(await openImage(path, session));
    const layers =
      files.length === 1 ? layersOfFile(files[0]!) : files.map((file, i) => layerOfFile(paths[i]!, file, flags));
    if (layers.length < 2) {
      throw new TiepointError('usage', `${paths.join(', ')}: there is one band only, and nothing to lay on it`, {
        hint: 'Name a file of several bands, or several files, and then the output.',
        value: layers.length,
      });
    }
    return { layers, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The layer that stays: a number from 1, a band's name, or of several files one's name. @throws TiepointError `no-such-band` */
export function layerNumber(layers: readonly BandLayer[], wanted: number | string): number {
  const number = bandNumber(
    { name: '--to-band', bands: layers.map(({ name }, i) => ({ index: i + 1, name })) },
    wanted,
  );
  if (number >= 1 && number <= layers.length) return number - 1;
  throw new TiepointError('no-such-band', `--to-band ${wanted}: there are ${layers.length}`, {
    hint: layers.map(({ name }, i) => `${i + 1}: ${name}`).join(', '),
    value: wanted,
  });
}
