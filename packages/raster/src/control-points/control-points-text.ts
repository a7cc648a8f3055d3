import { TiepointError } from '@tiepoint/geometry';
import type { ControlPoint, ControlPointSet } from './control-point.js';
import type { Crs } from '../georeference/crs.js';
import { crsFromWkt } from '../georeference/gdal-xml.js';
import { crsFromCode } from '../georeference/crs-text.js';

/** `-gcp pixel line easting northing [elevation]`, one a line, as gdal_translate takes them. */
export function formatGdal(set: ControlPointSet): string {
  return lines(
    enabled(set).map((p) => `-gcp ${p.x} ${p.y} ${p.mapX} ${p.mapY}${p.mapZ === undefined ? '' : ` ${p.mapZ}`}`),
  );
}

/** Options on one line or many; everything but `-gcp` is passed over. */
export function parseGdal(text: string): ControlPoint[] {
  const words = text.trim().split(/\s+/);
  const out: ControlPoint[] = [];
  for (let i = 0; i < words.length; i++) {
    if (words[i] !== '-gcp') continue;
    const values = words.slice(i + 1, i + 6).map(Number);
    if (!values.slice(0, 4).every(Number.isFinite) || values.length < 4) {
      throw invalid(words.slice(i, i + 5).join(' '), '-gcp pixel line easting northing [elevation]');
    }
    const [x, y, mapX, mapY, mapZ] = values as [number, number, number, number, number | undefined];
    const point = { id: String(out.length + 1), x, y, mapX, mapY };
    out.push(Number.isFinite(mapZ) && mapZ !== undefined ? { ...point, mapZ } : point);
  }
  if (out.length === 0 && text.trim() !== '') throw invalid(text.slice(0, 60), 'at least one -gcp');
  return out;
}

/**
 * QGIS's georeferencer: `mapX,mapY,sourceX,sourceY,enable,dX,dY,residual`, the CRS in a first comment.
 * Its rows are negative: the image hangs below the x axis, so that sourceY = -line.
 */
export function formatQgis(set: ControlPointSet): string {
  const crs = set.crs?.definition ?? set.crs?.code ?? '';
  const head = [
    ...(crs ? [`#CRS: ${crs.replaceAll('\n', ' ')}`] : []),
    'mapX,mapY,sourceX,sourceY,enable,dX,dY,residual',
  ];
  const rows = set.points.map(
    (p) => `${p.mapX},${p.mapY},${p.x},${negative(p.y)},${p.enabled === false ? 0 : 1},0,0,0`,
  );
  return lines([...head, ...rows]);
}

/** Reads QGIS's files, of old (`pixelX,pixelY`) and new versions. */
export function parseQgis(text: string): ControlPointSet {
  const rows = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  let crs: Crs | null = null;
  const points: ControlPoint[] = [];
  for (const row of rows) {
    const comment = /^#\s*CRS:\s*(.*)$/i.exec(row)?.[1];
    if (comment !== undefined) crs = crsFromCode(comment) ?? crsFromWkt(comment);
    if (row.startsWith('#') || /^mapX/i.test(row)) continue;
    const fields = row.split(/[,\t]/).map(Number);
    const [mapX, mapY, x, y, enable] = fields as [number, number, number, number, number | undefined];
    if (![mapX, mapY, x, y].every(Number.isFinite)) throw invalid(row, 'mapX,mapY,sourceX,sourceY,enable');
    points.push({ id: String(points.length + 1), x, y: negative(y), mapX, mapY, enabled: enable !== 0 });
  }
  return { points, crs };
}

const csvHeader = 'id,x,y,mapX,mapY,mapZ,enabled,covarianceXX,covarianceXY,covarianceYY,score';

/** Comma-separated values with everything a point has; the CRS in a first comment. */
export function formatCsv(set: ControlPointSet): string {
  const head = [...(set.crs ? [`# CRS: ${set.crs.code ?? set.crs.definition ?? set.crs.name}`] : []), csvHeader];
  const rows = set.points.map((p) => {
    const covariance = p.covariance ?? ['', '', ''];
    const id = /[",\n]/.test(p.id) ? `"${p.id.replaceAll('"', '""')}"` : p.id;
    return [id, p.x, p.y, p.mapX, p.mapY, p.mapZ ?? '', p.enabled === false ? 0 : 1, ...covariance, p.score ?? ''].join(
      ',',
    );
  });
  return lines([...head, ...rows]);
}

/** Reads CSV by the names in its header; `x`, `y`, `mapX` and `mapY` are needed, in any order and case. */
export function parseCsv(text: string): ControlPointSet {
  let crs: Crs | null = null;
  let columns: Map<string, number> | null = null;
  const points: ControlPoint[] = [];
  for (const row of text.split(/\r?\n/)) {
    if (row.trim() === '') continue;
    const comment = /^#\s*CRS:\s*(.*)$/i.exec(row)?.[1];
    if (comment !== undefined) crs = crsFromCode(comment) ?? crsFromWkt(comment);
    if (row.startsWith('#')) continue;
    const fields = splitCsv(row);
    if (!columns) {
      columns = new Map(fields.map((name, i) => [name.trim().toLowerCase(), i]));
      if (!['x', 'y', 'mapx', 'mapy'].every((name) => columns!.has(name)))
        throw invalid(row, `a header with ${csvHeader}`);
      continue;
    }
    const known = columns;
    const field = (name: string): string => fields[known.get(name) ?? -1]?.trim() ?? '';
    const number = (name: string): number | undefined => (field(name) === '' ? undefined : Number(field(name)));
    const [x, y, mapX, mapY] = ['x', 'y', 'mapx', 'mapy'].map((name) => number(name) ?? Number.NaN) as [
      number,
      number,
      number,
      number,
    ];
    if (![x, y, mapX, mapY].every(Number.isFinite)) throw invalid(row, csvHeader);
    const covariance = [number('covariancexx'), number('covariancexy'), number('covarianceyy')];
    const mapZ = number('mapz');
    const score = number('score');
    points.push({
      id: field('id') || String(points.length + 1),
      x,
      y,
      mapX,
      mapY,
      ...(mapZ === undefined ? {} : { mapZ }),
      enabled: number('enabled') !== 0,
      ...(covariance.every((v) => v !== undefined) ? { covariance: covariance as [number, number, number] } : {}),
      ...(score === undefined ? {} : { score }),
    });
  }
  return { points, crs };
}

/** ENVI's ground control points: map x, map y, image x, image y; its first pixel's outer corner is (1, 1). */
export function formatEnvi(set: ControlPointSet): string {
  const head = ['; ENVI Image to Map GCP File', '; Map (x,y), Image (x,y)', ';'];
  return lines([...head, ...enabled(set).map((p) => `${p.mapX} ${p.mapY} ${p.x + 1} ${p.y + 1}`)]);
}

/** Reads ENVI's `.pts`. */
export function parseEnvi(text: string): ControlPoint[] {
  const out: ControlPoint[] = [];
  for (const row of text.split(/\r?\n/)) {
    if (row.trim() === '' || row.trimStart().startsWith(';')) continue;
    const [mapX, mapY, x, y] = row
      .trim()
      .split(/[\s,]+/)
      .map(Number) as [number, number, number, number];
    if (![mapX, mapY, x, y].every(Number.isFinite)) throw invalid(row, 'map x, map y, image x, image y');
    out.push({ id: String(out.length + 1), x: x - 1, y: y - 1, mapX, mapY });
  }
  return out;
}

function enabled(set: ControlPointSet): ControlPoint[] {
  return set.points.filter((p) => p.enabled !== false);
}

/** Zero has no sign in a file. */
function negative(value: number): number {
  return value === 0 ? 0 : -value;
}

function splitCsv(row: string): string[] {
  const out: string[] = [];
  for (const match of row.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)) {
    const field = match[1]!;
    out.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (match.index + match[0].length >= row.length) break;
  }
  return out;
}

function lines(rows: readonly string[]): string {
  return `${rows.join('\n')}\n`;
}

/** The error for text that is not what its format asks. */
export function invalid(what: string, due: string): TiepointError {
  return new TiepointError('invalid-control-points', `control points: "${what}" where ${due} is due`, {
    hint: 'Check the file and its extension.',
    value: what,
  });
}
