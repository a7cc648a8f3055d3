import { TiepointError } from '@tiepoint/geometry';
import proj4 from 'proj4';
import { type Crs, horizontalPart, outerEpsg } from './crs.js';
import { findEpsg, unknownCrs } from './epsg-table.js';
import { buildProjection, methodOf, type Projection, type ResolvedCrs, resolveCrs } from './resolved-crs.js';

/** Maps points between two systems. Coordinates are easting (or longitude, degrees) first. */
export interface CrsTransformer {
  /** Maps interleaved points in place; a point outside the projection's domain becomes NaN. */
  readonly forward: (points: Float64Array) => void;
  readonly inverse: (points: Float64Array) => void;
  /** What of it is approximate, and how far it may be off; null where nothing is. */
  readonly approximation: Approximation | null;
}

/** A shift between datums that is not known well. */
export interface Approximation {
  /** Metres; null where nobody says. */
  readonly accuracy: number | null;
  /** For people. */
  readonly text: string;
}

/** Options of {@link transformerBetween}. */
export interface TransformerOptions {
  /**
   * Takes the best shift without a grid file where one would be needed, and none where nothing relates the datums; the
   * transformer says so. Default false: that is an error.
   */
  readonly approximate?: boolean | undefined;
}

/** proj4's word for a datum that nothing relates to another. */
const noDatum = 5;

const identity: CrsTransformer = { forward: () => {}, inverse: () => {}, approximation: null };

/**
 * The transformer from one CRS to another, by proj4. Datum shifts by 3 or 7 parameters are applied.
 * @throws {TiepointError} `unknown-crs`; unless `approximate`, `crs-needs-grid` where the shift between the datums is given
 * by grid files, and `crs-datum-unknown` where nothing says how the datums relate.
 */
export async function transformerBetween(
  from: Crs,
  to: Crs,
  { approximate = false }: TransformerOptions = {},
): Promise<CrsTransformer> {
  if (from.code !== null && from.code === to.code) return identity;
  const [a, b] = [await resolveCrs(from), await resolveCrs(to)];
  if (a.definition === b.definition && a.datum === b.datum && a.degrees === b.degrees) return identity;
  if (a.datum === b.datum) return converter(withoutShift(a), withoutShift(b), null);
  const doubtful = [a, b].filter(({ shift }) => shift.kind !== 'known');
  const [first] = doubtful;
  if (first === undefined) return converter(a, b, null);
  if (!approximate) throw unrelated(first);
  // Parameters of the other datum alone would shift by what only both together mean.
  const ballpark = doubtful.some(
    ({ shift, projection }) => shift.kind === 'unknown' && projection.datum.datum_type === noDatum,
  );
  return ballpark
    ? converter(withoutShift(a), withoutShift(b), approximationOf(doubtful))
    : converter(a, b, approximationOf(doubtful));
}

function approximationOf(doubtful: readonly ResolvedCrs[]): Approximation {
  const accuracies = doubtful.map(({ shift }) => shift.accuracy);
  const accuracy = accuracies.every((v) => v !== null) ? accuracies.reduce((sum, v) => sum + v, 0) : null;
  const names = doubtful.map(labelOf).join(' and ');
  const good = accuracy === null ? 'and may be off by hundreds of metres' : `good to about ${accuracy} m`;
  return { accuracy, text: `${names}: placed without the grid file of the datum, ${good}` };
}

/** `EPSG:32633`, `EPSG:7415+5773` (of which the heights are left alone), URNs and URLs of OGC, `+init=epsg:32633`. */
const codePattern =
  /^(?:(?:urn:ogc:def:crs:)?EPSG:(?:[\d.]*:)?|https?:\/\/www\.opengis\.net\/def\/crs\/EPSG\/[\d.]+\/|\+init=epsg:)(\d+)(?:\+\d+)?$/i;

/**
 * The CRS in the words of a user or a file: `EPSG:32633`, a PROJ string, WKT or PROJJSON.
 * @throws {TiepointError} `unknown-crs`.
 */
export async function parseCrs(text: string): Promise<Crs> {
  const trimmed = horizontalPart(text.trim());
  const epsg = codePattern.exec(trimmed)?.[1];
  if (epsg) {
    const entry = await findEpsg(Number(epsg));
    if (!entry) throw unknownCrs(trimmed);
    return { name: entry.name, code: `EPSG:${epsg}`, definition: null, kind: entry.kind };
  }
  if (/^(OGC:)?CRS84$/i.test(trimmed))
    return { name: 'WGS 84', code: 'EPSG:4326', definition: null, kind: 'geographic' };
  const projection = buildProjection(trimmed, trimmed.slice(0, 60));
  const method = methodOf(projection);
  const kind = method === 'longlat' ? 'geographic' : method === 'geocent' ? 'geocentric' : 'projected';
  const name = /^\w+\s*\[\s*"([^"]*)"/.exec(trimmed)?.[1] ?? trimmed;
  const code = outerEpsg(trimmed);
  return { name, code, definition: trimmed, kind };
}

function labelOf({ crs }: ResolvedCrs): string {
  return crs.code ? `${crs.name} (${crs.code})` : crs.name;
}

/** The system with its datum left alone. */
function withoutShift(resolved: ResolvedCrs): ResolvedCrs {
  const { definition, crs } = resolved;
  if (!definition.startsWith('+')) return resolved;
  const plain = definition.replace(/\+nadgrids=(?!@null)\S+/, '').replace(/\+towgs84=\S+/, '');
  return { ...resolved, projection: buildProjection(plain.replace(/\+datum=NAD27\b/i, '+ellps=clrk66'), crs.name) };
}

function unrelated(culprit: ResolvedCrs): TiepointError {
  const label = labelOf(culprit);
  const without = 'to register without georeferences, --no-georeference';
  if (culprit.shift.kind === 'grid') {
    const { accuracy } = culprit.shift;
    return new TiepointError('crs-needs-grid', `${label}: its datum shift needs a grid file`, {
      hint: `Without one the shift is only good to ${accuracy === null ? 'hundreds of metres' : `about ${accuracy} m`}. Name one by a PROJ string with +nadgrids=/path/file.gsb, or reproject with gdalwarp first; ${without}.`,
      value: culprit.definition,
    });
  }
  return new TiepointError('crs-datum-unknown', `${label}: nothing says how its datum relates to another`, {
    hint: `Reproject with gdalwarp first, or define it by a PROJ string with +towgs84; ${without}.`,
    value: culprit.definition,
  });
}

function converter(a: ResolvedCrs, b: ResolvedCrs, approximation: Approximation | null): CrsTransformer {
  return {
    forward: (points) => convert(a, b, points),
    inverse: (points) => convert(b, a, points),
    approximation,
  };
}

function convert(from: ResolvedCrs, to: ResolvedCrs, points: Float64Array): void {
  const source: Projection = from.projection;
  const target: Projection = to.projection;
  for (let i = 0; i + 1 < points.length; i += 2) {
    let x = Number.NaN;
    let y = Number.NaN;
    if (Number.isFinite(points[i]) && Number.isFinite(points[i + 1])) {
      try {
        const place = { x: points[i]! * from.degrees, y: points[i + 1]! * from.degrees };
        const mapped = proj4.transform(source, target, place, true);
        if (mapped && Number.isFinite(mapped.x) && Number.isFinite(mapped.y)) {
          [x, y] = [mapped.x / to.degrees, mapped.y / to.degrees];
        }
      } catch {
        // Outside the projection's domain: the point stays NaN.
      }
    }
    points[i] = x;
    points[i + 1] = y;
  }
}
