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
import { parseControlPointVrt } from './vrt-control-points.js';

/** Text formats of control points. Covariance and score survive in `geojson` and `csv` only. */
export type ControlPointFormat = 'gdal' | 'qgis' | 'geojson' | 'csv' | 'envi' | 'vrt';

const formatByEnding: Readonly<Record<string, ControlPointFormat>> = {
  '.gcp': 'gdal',
  '.txt': 'gdal',
  '.points': 'qgis',
  '.geojson': 'geojson',
  '.json': 'geojson',
  '.csv': 'csv',
  '.pts': 'envi',
  '.vrt': 'vrt',
};

/**
 * The format a file name's extension stands for.
 * @throws {TiepointError} `unsupported-format`.
 */
export function controlPointFormat(path: string): ControlPointFormat {
  const extension = /\.[^./\\]+$/.exec(path.toLowerCase())?.[0] ?? '';
  const format = formatByEnding[extension];
  if (format) return format;
  throw new TiepointError(
    'unsupported-format',
    `${path}: control points cannot be kept in a ${extension || 'nameless'} file`,
    {
      hint: `Known extensions: ${Object.keys(formatByEnding).join(' ')}`,
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
      return parseGeoJson(text);
    case 'vrt':
      return parseControlPointVrt(text);
  }
}

/** Control points as text. A VRT needs its source file and comes from `formatControlPointVrt`. */
export async function formatControlPoints(
  set: ControlPointSet,
  format: Exclude<ControlPointFormat, 'vrt'>,
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
