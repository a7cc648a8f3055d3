import { TiepointError } from '@tiepoint/geometry';
import proj4 from 'proj4';
import { type Crs, outerEpsg } from './crs.js';
import { findEpsg, unknownCrs } from './epsg-table.js';
import { withProjDefaults } from './proj-definition.js';

/** Maps points between two systems. Coordinates are easting (or longitude, degrees) first. */
export interface CrsTransformer {
  /** Maps interleaved points in place; a point outside the projection's domain becomes NaN. */
  readonly forward: (points: Float64Array) => void;
  readonly inverse: (points: Float64Array) => void;
}

const identity: CrsTransformer = { forward: () => {}, inverse: () => {} };

/** What proj4 knows of a datum; its own type names the rest. */
const datumSteps = { threeParameters: 1, sevenParameters: 2, grid: 3, wgs84: 4, none: 5 } as const;

interface Resolved {
  readonly crs: Crs;
  readonly definition: string;
  readonly projection: InstanceType<typeof proj4.Proj>;
  readonly datum: 'known' | 'grid' | 'unknown';
}

/**
 * The transformer from one CRS to another, by proj4. Datum shifts by 3 or 7 parameters are applied.
 * @throws {TiepointError} `unknown-crs`; `crs-needs-grid` where the shift between the datums is given by grid files;
 * `crs-datum-unknown` where nothing says how the datums relate.
 */
export async function transformerBetween(from: Crs, to: Crs): Promise<CrsTransformer> {
  if (from.code !== null && from.code === to.code) return identity;
  const a = await resolve(from);
  const b = await resolve(to);
  if (a.definition === b.definition) return identity;
  if (a.datum !== 'known' || b.datum !== 'known') {
    if (!sameDatum(a, b)) throw unrelated(a, b);
    return converter(withoutShift(a), withoutShift(b));
  }
  return converter(a.projection, b.projection);
}

/**
 * The CRS in the words of a user or a file: `EPSG:32633`, a PROJ string, WKT or PROJJSON.
 * @throws {TiepointError} `unknown-crs`.
 */
export async function parseCrs(text: string): Promise<Crs> {
  const trimmed = text.trim();
  const epsg = /^(?:urn:ogc:def:crs:)?EPSG:(?:[\d.]*:)?(\d+)$/i.exec(trimmed)?.[1];
  if (epsg) {
    const entry = await findEpsg(Number(epsg));
    if (!entry) throw unknownCrs(trimmed);
    return { name: entry.name, code: `EPSG:${epsg}`, definition: null, kind: entry.kind };
  }
  if (/^(OGC:)?CRS84$/i.test(trimmed))
    return { name: 'WGS 84', code: 'EPSG:4326', definition: null, kind: 'geographic' };
  const projection = build(trimmed, trimmed.slice(0, 60));
  const method = methodOf(projection);
  const kind = method === 'longlat' ? 'geographic' : method === 'geocent' ? 'geocentric' : 'projected';
  const name = /^\w+\s*\[\s*"([^"]*)"/.exec(trimmed)?.[1] ?? trimmed;
  const code = outerEpsg(trimmed);
  return { name, code, definition: trimmed, kind };
}

async function resolve(crs: Crs): Promise<Resolved> {
  const epsg = /^EPSG:(\d+)$/.exec(crs.code ?? '')?.[1];
  const entry = epsg ? await findEpsg(Number(epsg)) : null;
  const definition = entry?.proj ?? crs.definition;
  if (!definition) throw unknownCrs(crs.code ?? crs.name);
  const named = entry ? { ...crs, name: entry.name } : crs;
  if (needsGrid(definition)) {
    return { crs: named, definition, projection: build(stripGrid(definition), crs.name), datum: 'grid' };
  }
  const projection = build(definition, crs.name);
  const type = projection.datum.datum_type;
  const nullGrid = /\+nadgrids=@null/.test(definition);
  // Datums on the GRS 80 ellipsoid (ETRS89, NAD83, GDA2020, …) are geocentric: EPSG relates them to WGS 84 by null shifts.
  const geocentric = Math.abs(projection.a - 6378137) < 1e-6 && Math.abs(projection.b - 6356752.314) < 0.001;
  const unshifted = type === datumSteps.none && !geocentric;
  const datum = nullGrid ? 'known' : type === datumSteps.grid ? 'grid' : unshifted ? 'unknown' : 'known';
  return { crs: named, definition, projection, datum };
}

/** proj4's name of the method, which its types leave out. */
function methodOf(projection: InstanceType<typeof proj4.Proj>): unknown {
  return Reflect.get(projection, 'projName');
}

function needsGrid(definition: string): boolean {
  return /\+nadgrids=(?!@null)/.test(definition) || /\+datum=NAD27\b/i.test(definition);
}

function stripGrid(definition: string): string {
  return definition.replace(/\+nadgrids=\S+/, '').replace(/\+datum=NAD27\b/i, '+ellps=clrk66');
}

function build(definition: string, name: string): InstanceType<typeof proj4.Proj> {
  try {
    const source = definition.startsWith('{') ? (JSON.parse(definition) as string) : withProjDefaults(definition);
    const projection = new proj4.Proj(source);
    if (methodOf(projection)) return projection;
  } catch (cause) {
    throw new TiepointError('unknown-crs', `the coordinate reference system ${name} cannot be understood`, {
      hint: 'Give an EPSG code, a PROJ string or WKT.',
      value: definition,
      cause,
    });
  }
  throw unknownCrs(name);
}

/** True where two systems stand on one datum, so that no shift lies between them. */
function sameDatum(a: Resolved, b: Resolved): boolean {
  const base = (name: string): string => name.split(' / ')[0]!.trim();
  const alike = a.projection.a === b.projection.a && a.projection.b === b.projection.b;
  return alike && a.datum === b.datum && base(a.crs.name) === base(b.crs.name) && grids(a) === grids(b);
}

function grids(resolved: Resolved): string {
  return /\+nadgrids=(\S+)/.exec(resolved.definition)?.[1] ?? '';
}

/** The projection with a datum proj4 leaves alone. */
function withoutShift(resolved: Resolved): InstanceType<typeof proj4.Proj> {
  const plain = stripGrid(resolved.definition);
  return plain === resolved.definition ? resolved.projection : build(plain, resolved.crs.name);
}

function unrelated(a: Resolved, b: Resolved): TiepointError {
  const culprit = a.datum === 'known' ? b : a;
  const label = culprit.crs.code ? `${culprit.crs.name} (${culprit.crs.code})` : culprit.crs.name;
  if (culprit.datum === 'grid') {
    return new TiepointError('crs-needs-grid', `${label}: its datum shift needs a grid file`, {
      hint: 'Grids are not read here, and without one the shift would be wrong by metres. Reproject with gdalwarp first.',
      value: culprit.definition,
    });
  }
  return new TiepointError('crs-datum-unknown', `${label}: nothing says how its datum relates to another`, {
    hint: 'Reproject with gdalwarp first, or define it by a PROJ string with +towgs84.',
    value: culprit.definition,
  });
}

function converter(from: InstanceType<typeof proj4.Proj>, to: InstanceType<typeof proj4.Proj>): CrsTransformer {
  const run = (
    source: InstanceType<typeof proj4.Proj>,
    target: InstanceType<typeof proj4.Proj>,
    points: Float64Array,
  ): void => {
    for (let i = 0; i + 1 < points.length; i += 2) {
      let x = Number.NaN;
      let y = Number.NaN;
      if (Number.isFinite(points[i]) && Number.isFinite(points[i + 1])) {
        try {
          const mapped = proj4.transform(source, target, { x: points[i]!, y: points[i + 1]! });
          if (mapped && Number.isFinite(mapped.x) && Number.isFinite(mapped.y)) {
            ({ x, y } = mapped);
          }
        } catch {
          // Outside the projection's domain: the point stays NaN.
        }
      }
      points[i] = x;
      points[i + 1] = y;
    }
  };
  return { forward: (points) => run(from, to, points), inverse: (points) => run(to, from, points) };
}
