import { TiepointError } from '@tiepoint/geometry';
import type { Crs } from './crs.js';

/** One system of EPSG's registry. */
export interface EpsgEntry {
  readonly code: number;
  readonly name: string;
  readonly kind: Crs['kind'];
  /** As a PROJ string; easting (or longitude) first, as GeoTIFFs have it whatever the registry's axis order. */
  readonly proj: string;
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
    hint: 'Give an EPSG code, a PROJ string or WKT; or reproject with gdalwarp first.',
    value: what,
  });
}

async function unpack(): Promise<Map<number, EpsgEntry>> {
  const { epsgTable } = await import('./epsg-table.generated.js');
  const packed = Uint8Array.from(atob(epsgTable), (char) => char.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const text = await new Response(stream).text();
  const [differences, kinds, names, projs] = text.split('\n\n') as [string, string, string, string];
  const kind = kinds.split('\n') as (keyof typeof kindByCode)[];
  const name = names.split('\n');
  const proj = projs.split('\n');
  const out = new Map<number, EpsgEntry>();
  let code = 0;
  for (const [i, difference] of differences.split(' ').entries()) {
    code += Number(difference);
    out.set(code, { code, name: name[i]!, kind: kindByCode[kind[i]!], proj: expand(proj[i]!) });
  }
  return out;
}

/** Undoes the generator's abbreviations. */
function expand(short: string): string {
  const words = short.split(' ').map((word) => (word === 'T0' ? '+towgs84=0,0,0,0,0,0,0' : `+${word}`));
  // Zeros are left out of the table, but proj4 does not take what is missing for zero.
  if (!/^(longlat|geocent|utm)$/.test(/^proj=(\S+)/.exec(short)?.[1] ?? '')) {
    for (const zero of ['lat_0', 'lon_0', 'x_0', 'y_0']) {
      if (!words.some((word) => word.startsWith(`+${zero}=`))) words.push(`+${zero}=0`);
    }
  }
  return `${words.join(' ')} +no_defs`;
}
