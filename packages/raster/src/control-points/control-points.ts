import type { ControlPointSet } from './control-point.js';
import { TiepointError } from '@tiepoint/geometry';
import {
  formatCsv,
  formatEnvi,
  formatGdal,
  formatQgis,
  parseCsv,
  parseEnvi,
  parseGdal,
  parseQgis,
} from './control-points-text.js';
import { formatGeoJson, parseGeoJson } from './control-points-geojson.js';
import { isAnnotation, parseAnnotation } from './georeference-annotation.js';
import { parseControlPointVrt } from './vrt-control-points.js';

/** Text formats of control points. Covariance and score survive in `geojson`, `csv` and `annotation` only. */
export type ControlPointFormat = 'gdal' | 'qgis' | 'geojson' | 'csv' | 'envi' | 'vrt' | 'annotation';

const formatByEnding: Readonly<Record<string, ControlPointFormat>> = {
  '.annotation.json': 'annotation',
  '.gcp': 'gdal',
  '.txt': 'gdal',
  '.points': 'qgis',
  '.geojson': 'geojson',
  '.json': 'geojson',
  '.csv': 'csv',
  '.pts': 'envi',
  '.vrt': 'vrt',
};

/** What names of files of control points may end with; the first of each format is its usual one. */
export const controlPointEndings: readonly string[] = Object.keys(formatByEnding);

/**
 * The format a file name's extension stands for.
 * @throws {TiepointError} `unsupported-format`.
 */
export function controlPointFormat(path: string): ControlPointFormat {
  const extension = /(\.annotation)?\.[^./\\]+$/.exec(path.toLowerCase())?.[0] ?? '';
  const format = formatByEnding[extension];
  if (format) return format;
  throw new TiepointError(
    'unsupported-format',
    `${path}: control points cannot be kept in a ${extension || 'nameless'} file`,
    {
      hint: `Known extensions: ${controlPointEndings.join(' ')}`,
      value: extension,
    },
  );
}

/**
 * Reads control points from text.
 * @throws {TiepointError} `invalid-control-points` with the line that is wrong.
 */
export async function parseControlPoints(text: string, format: ControlPointFormat): Promise<ControlPointSet> {
  switch (format) {
    case 'gdal':
      return { points: parseGdal(text), crs: null };
    case 'qgis':
      return parseQgis(text);
    case 'csv':
      return parseCsv(text);
    case 'envi':
      return { points: parseEnvi(text), crs: null };
    case 'geojson':
      // Annotations usually end with .json alone.
      return isAnnotation(text) ? parseAnnotation(text) : parseGeoJson(text);
    case 'vrt':
      return parseControlPointVrt(text);
    case 'annotation':
      return parseAnnotation(text);
  }
}

/** Control points as text. VRTs and annotations name their image and come from `formatControlPointVrt` and `formatAnnotation`. */
export async function formatControlPoints(
  set: ControlPointSet,
  format: Exclude<ControlPointFormat, 'vrt' | 'annotation'>,
): Promise<string> {
  switch (format) {
    case 'gdal':
      return formatGdal(set);
    case 'qgis':
      return formatQgis(set);
    case 'csv':
      return formatCsv(set);
    case 'envi':
      return formatEnvi(set);
    case 'geojson':
      return formatGeoJson(set);
  }
}
