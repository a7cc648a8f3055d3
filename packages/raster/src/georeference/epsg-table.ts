import { TiepointError } from '@tiepoint/geometry';
import type { Crs } from './crs.js';

/** One system of EPSG's registry. */
export interface EpsgEntry {
  readonly code: number;
  readonly name: string;
  readonly kind: Crs['kind'];
  /**
   * As a PROJ string without the datum's shift; easting (or longitude) first, as GeoTIFFs have it whatever the registry's axis
   * order, but for systems of westings and southings.
   */
  readonly proj: string;
  /** Degrees in a unit of a geographic system's coordinates; 1 of others. */
  readonly degrees: number;
  /** PROJ's choice of shift to WGS 84 without grid files, as `+towgs84` has it; null where nothing relates the datum. */
  readonly shift: string | null;
  /** Metres that the shift is good to; null where the registry does not say, `elsewhere` where it is another area's. */
  readonly accuracy: number | null | 'elsewhere';
  /** Metres that the best shift by a grid file is good to, where the datum is usually defined by one; else null. */
  readonly accuracyByGrid: number | null;
  /** The geodetic system it stands on; 0 where that has no code. */
  readonly base: number;
}

const kindByCode = { p: 'projected', g: 'geographic', c: 'geocentric' } as const;

let table: Promise<Map<number, EpsgEntry>> | null = null;

/** Looks a code up; null where the table does not have it. The table is unpacked on first use. */
export async function findEpsg(code: number): Promise<EpsgEntry | null> {
  table ??= unpack();
  return (await table).get(code) ?? null;
}

/**
 * The CRS of an EPSG code with its registered name.
 * @throws {TiepointError} `unknown-crs` for a code the table does not have.
 */
export async function lookUpEpsg(code: number): Promise<Crs> {
  const entry = await findEpsg(code);
  if (!entry) throw unknownCrs(`EPSG:${code}`);
  return { name: entry.name, code: `EPSG:${code}`, definition: null, kind: entry.kind };
}

/** The error for a CRS nobody here knows. */
export function unknownCrs(what: string): TiepointError {
  return new TiepointError('unknown-crs', `the coordinate reference system ${what} is not known`, {
    hint: 'Give an EPSG code, a PROJ string or WKT, or reproject with gdalwarp first; to register without it, --no-georeference.',
    value: what,
  });
}

async function unpack(): Promise<Map<number, EpsgEntry>> {
  const { epsgTable } = await import('./epsg-table.generated.js');
  const packed = Uint8Array.from(atob(epsgTable), (char) => char.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const text = await new Response(stream).text();
  const [differences, kinds, names, projs, shifts, accuracies, bases] = text.split('\t') as Columns;
  const column = (lines: string): string[] => lines.split('\n');
  const [kind, name, proj] = [column(kinds) as (keyof typeof kindByCode)[], column(names), column(projs)];
  const [shift, accuracy, base] = [column(shifts), column(accuracies), column(bases)];
  const out = new Map<number, EpsgEntry>();
  let code = 0;
  for (const [i, difference] of differences.split(' ').entries()) {
    code += Number(difference);
    const [parameters, grid] = accuracy[i]!.split('/') as [string, string?];
    out.set(code, {
      code,
      name: name[i]!,
      kind: kindByCode[kind[i]!],
      proj: expand(proj[i]!),
      degrees: Number(/\bto_degree=(\S+)/.exec(proj[i]!)?.[1] ?? 1),
      shift: shift[i] === '' ? null : shift[i] === '0' ? '0,0,0,0,0,0,0' : shift[i]!,
      accuracy: parameters === '' ? null : parameters === '?' ? 'elsewhere' : Number(parameters),
      accuracyByGrid: grid === undefined ? null : Number(grid),
      base: Number(base[i]),
    });
  }
  return out;
}

type Columns = [string, string, string, string, string, string, string];

/** Undoes the generator's abbreviations. */
function expand(short: string): string {
  const words = short.split(' ').flatMap((word) => (word.startsWith('to_degree=') ? [] : [`+${word}`]));
  // Zeros are left out of the table, but proj4 does not take what is missing for zero.
  if (!/^(longlat|geocent|utm)$/.test(/^proj=(\S+)/.exec(short)?.[1] ?? '')) {
    for (const zero of ['lat_0', 'lon_0', 'x_0', 'y_0']) {
      if (!words.some((word) => word.startsWith(`+${zero}=`))) words.push(`+${zero}=0`);
    }
  }
  return `${words.join(' ')} +no_defs`;
}
