import { TiepointError } from '@tiepoint/geometry';
import proj4 from 'proj4';
import { type Crs, horizontalPart } from './crs.js';
import { type EpsgEntry, findEpsg, unknownCrs } from './epsg-table.js';
import { hasUnknownVariant, withProjDefaults } from './proj-definition.js';
import { degreesOfWkt, projectionOfWkt } from './wkt-projection.js';

export type Projection = InstanceType<typeof proj4.Proj>;

/** How a system's datum lies to WGS 84. */
type DatumShift =
  /** By parameters; `accuracy` in metres, null where nobody says. */
  | { readonly kind: 'known'; readonly accuracy: number | null }
  /** Well only by a grid file; the parameters at hand, if any, are good to `accuracy`. */
  | { readonly kind: 'grid'; readonly accuracy: number | null }
  /** Nothing relates it. */
  | { readonly kind: 'unknown'; readonly accuracy: null };

/** A system ready to be transformed. */
export interface ResolvedCrs {
  readonly crs: Crs;
  readonly definition: string;
  readonly projection: Projection;
  /** Degrees in a unit of its coordinates; 1 but for geographic systems in grads and the like. */
  readonly degrees: number;
  readonly shift: DatumShift;
  /** Names its datum: systems of one datum need no shift between them. */
  readonly datum: string;
}

/** What proj4 knows of a datum; its own type names the rest. */
const datumSteps = { threeParameters: 1, sevenParameters: 2, grid: 3, wgs84: 4, none: 5 } as const;

const gridNames = /\+nadgrids=(\S+)/;
/** Grid files that proj4 holds, by path. */
const loadedGrids = new Set<string>();

/** Latitudes that are taken for those of WGS 84 as they are. */
const nullGrid = /nadgrids=@null/;

/** Looks a system up and builds its projection. @throws {TiepointError} `unknown-crs`. */
export async function resolveCrs(crs: Crs): Promise<ResolvedCrs> {
  const epsg = /^EPSG:(\d+)$/.exec(crs.code ?? '')?.[1];
  const entry = epsg ? await findEpsg(Number(epsg)) : null;
  if (entry) return resolveEntry(crs, entry);
  if (!crs.definition) throw unknownCrs(crs.code ?? crs.name);
  return resolveDefinition(crs, crs.definition);
}

function resolveEntry(crs: Crs, entry: EpsgEntry): ResolvedCrs {
  const { shift, proj, base, name, degrees } = entry;
  const unshifted = shift === null || nullGrid.test(proj);
  return {
    crs: { ...crs, name },
    definition: proj,
    projection: buildProjection(unshifted ? proj : `${proj} +towgs84=${shift}`, name),
    degrees,
    shift: nullGrid.test(proj) ? { kind: 'known', accuracy: null } : shiftOf(entry),
    datum: `EPSG:${base}`,
  };
}

function shiftOf({ shift, accuracy, accuracyByGrid }: EpsgEntry): DatumShift {
  if (shift === null || accuracy === 'elsewhere') return { kind: 'unknown', accuracy: null };
  return { kind: accuracyByGrid === null ? 'known' : 'grid', accuracy };
}

async function resolveDefinition(crs: Crs, text: string): Promise<ResolvedCrs> {
  const definition = horizontalPart(text);
  const plain = { crs, definition, degrees: degreesIn(definition) };
  if (await loadGrids(definition)) {
    const projection = buildProjection(definition, crs.name);
    return { ...plain, projection, shift: { kind: 'known', accuracy: null }, datum: definition.match(gridNames)![1]! };
  }
  if (needsGrid(definition)) {
    const [grid] = /\+nadgrids=\S+/.exec(definition) ?? ['NAD27'];
    const stripped = stripGrid(definition);
    const nad27 = grid === 'NAD27' ? await findEpsg(4267) : null;
    const shifted = nad27?.shift ? `${stripped} +towgs84=${nad27.shift}` : stripped;
    return {
      ...plain,
      projection: buildProjection(shifted, crs.name),
      shift: { kind: 'grid', accuracy: typeof nad27?.accuracy === 'number' ? nad27.accuracy : null },
      datum: nad27 ? 'EPSG:4267' : grid,
    };
  }
  const projection = buildProjection(definition, crs.name);
  const type = projection.datum.datum_type;
  // Datums on the GRS 80 ellipsoid (ETRS89, NAD83, GDA2020, …) are geocentric: EPSG relates them to WGS 84 by null shifts.
  const geocentric = Math.abs(projection.a - 6378137) < 1e-6 && Math.abs(projection.b - 6356752.314) < 0.001;
  const shape = `${projection.a} ${projection.b}`;
  const known = nullGrid.test(definition) || type !== datumSteps.none || geocentric;
  return {
    ...plain,
    projection,
    shift: known ? { kind: 'known', accuracy: null } : { kind: 'unknown', accuracy: null },
    datum: known
      ? `${shape} ${String(Reflect.get(projection.datum, 'datum_params') ?? '')}`
      : `${shape} ${crs.name.split(' / ')[0]!.trim()}`,
  };
}

/** Degrees in a unit of the coordinates of a geographic system; 1 of others. */
function degreesIn(definition: string): number {
  return Number(/\+to_degree=(\S+)/.exec(definition)?.[1] ?? degreesOfWkt(definition));
}

/** proj4's name of the method, which its types leave out. */
export function methodOf(projection: Projection): unknown {
  return Reflect.get(projection, 'projName');
}

/**
 * The projection of a PROJ string, WKT or PROJJSON; coordinates are easting or longitude first, or in the order of `+axis`.
 * @throws {TiepointError} `unknown-crs`.
 */
export function buildProjection(definition: string, name: string): Projection {
  if (hasUnknownVariant(definition)) throw unknownCrs(name);
  try {
    const byMethod = projectedByWkt(definition);
    if (byMethod) return byMethod;
    const source = definition.startsWith('{') ? (JSON.parse(definition) as string) : withProjDefaults(definition);
    const projection = new proj4.Proj(source);
    if (methodOf(projection)) {
      // WKT gives the registry's order of axes, which rasters do not keep; only westings and southings stay what they are.
      if (!/^(?:[ew][ns]|[ns][ew])u$/.test(projection.axis) || /^[en]{2}u$/.test(projection.axis))
        projection.axis = 'enu';
      return projection;
    }
  } catch (cause) {
    throw new TiepointError('unknown-crs', `the coordinate reference system ${name} cannot be understood`, {
      hint: 'Give an EPSG code, a PROJ string or WKT; to register without it, --no-georeference.',
      value: definition,
      cause,
    });
  }
  throw unknownCrs(name);
}

/** A projected system of WKT, on the datum that proj4 reads in its geodetic part; null where that is left to proj4 as a whole. */
function projectedByWkt(definition: string): Projection | null {
  const found = projectionOfWkt(definition);
  if (found === null) return null;
  const { words, base, ellipsoid } = found;
  const [a, rf] = ellipsoid;
  const text = withProjDefaults(`${words} +a=${a} ${rf === 0 ? `+b=${a}` : `+rf=${rf}`} +no_defs`);
  if (hasUnknownVariant(text)) throw unknownCrs(words);
  const projection = new proj4.Proj(text);
  projection.datum = new proj4.Proj(base).datum;
  return methodOf(projection) ? projection : null;
}

/** Loads the NTv2 files that `+nadgrids` names by path, once; false where one of them is none. */
async function loadGrids(definition: string): Promise<boolean> {
  const names = gridNames.exec(definition)?.[1]?.split(',') ?? [];
  const files = names.filter((name) => name !== '@null').map((name) => name.replace(/^@/, ''));
  if (files.length === 0 || typeof process === 'undefined' || !process.versions?.node) return false;
  const { readFile } = await import('node:fs/promises');
  for (const name of files) {
    if (loadedGrids.has(name)) continue;
    const bytes = await readFile(name).catch(() => null);
    if (bytes === null) return false;
    try {
      proj4.nadgrid(name, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
    } catch (cause) {
      throw new TiepointError('crs-needs-grid', `${name}: not a grid file of the format NTv2`, {
        hint: 'Give a .gsb file.',
        value: name,
        cause,
      });
    }
    loadedGrids.add(name);
  }
  return true;
}

function needsGrid(definition: string): boolean {
  return /\+nadgrids=(?!@null)/.test(definition) || /\+datum=NAD27\b/i.test(definition);
}

function stripGrid(definition: string): string {
  return definition.replace(/\+nadgrids=\S+/, '').replace(/\+datum=NAD27\b/i, '+ellps=clrk66');
}
