import { TiepointError } from '@tiepoint/geometry';
import type { BandInfo } from './raster-file.js';

/** What bands are looked for in. */
interface NamedBands {
  readonly name: string;
  readonly bands: readonly Pick<BandInfo, 'index' | 'name'>[];
}

/** A name without what differs between those who write it: `B04`, `b4` and `B4, central wavelength 665 nm` are one. */
function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/(?<![0-9])0+(?=[0-9])/g, '');
}

const firstWord = (name: string): string => name.split(/[\s,;:(]/)[0]!;

/**
 * The number, from 1, of the band that a name means: its description, else the first word of it, whatever the letters' case and
 * leading zeros of numbers. A number is itself.
 * @throws {TiepointError} `no-such-band` where no band or more than one is called so.
 */
export function bandNumber(file: NamedBands, band: string | number): number {
  if (typeof band === 'number') return band;
  const named = file.bands.flatMap(({ name, index }) => (name === null ? [] : [{ name, index }]));
  const ways: ((name: string) => boolean)[] = [
    (name) => name === band,
    (name) => plain(name) === plain(band),
    (name) => plain(firstWord(name)) === plain(band),
  ];
  for (const matches of ways) {
    const found = named.filter(({ name }) => matches(name));
    if (found.length === 1) return found[0]!.index;
    if (found.length > 1) {
      throw noSuchBand(
        file.name,
        `${found.length} bands are called "${band}"`,
        'Give the number of the one you mean.',
        band,
      );
    }
  }
  const hint =
    named.length === 0
      ? `None of its bands has a name; give a number from 1 to ${file.bands.length}.`
      : `It has ${named.map(({ name }) => name).join(', ')}.`;
  throw noSuchBand(file.name, `no band is called "${band}"`, hint, band);
}

function noSuchBand(file: string, what: string, hint: string, value: string): TiepointError {
  return new TiepointError('no-such-band', `${file}: ${what}`, { hint, value });
}
