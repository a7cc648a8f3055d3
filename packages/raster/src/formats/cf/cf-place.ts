import type { Geotransform } from '@tiepoint/geometry';
import { type Crs, crsFromEpsg } from '../../georeference/crs.js';
import type { Georeference } from '../../georeference/georeference.js';
import { invertGeoTransform } from '../../georeference/geotransform.js';
import { type CfDataset, type CfVariable, numberOf, textOf } from './cf-dataset.js';
import { crsOfMapping } from './cf-grid-mapping.js';

/** Coordinates may stray from a regular grid by this part of a pixel. */
const regularWithin = 0.02;
/** No axis of an image is longer. */
const mostCoordinates = 2 ** 20;

/** Where the grid of a variable's last two dimensions lies, as stored; null, with the reason, where that is not known. */
export async function placeOfGrid(
  dataset: CfDataset,
  variable: CfVariable,
  signal: AbortSignal | undefined,
): Promise<{ readonly georeference: Georeference | null; readonly warning: string | null }> {
  const [rows, columns] = variable.dimensions
    .slice(-2)
    .map(({ name }) =>
      dataset.variables.find((one) => one.name === name && one.dimensions.length === 1 && one.dataType !== null),
    );
  const nothing = (warning: string) => ({ georeference: null, warning });
  if (!rows || !columns) return nothing(`${variable.name} has no coordinates of its rows and columns: it has no place`);
  const mapping = mappingOf(dataset, variable);
  const crs = await crsOf(variable, mapping, columns);
  const [x, y] = [await axisOf(columns, mapping, signal), await axisOf(rows, mapping, signal)];
  if (x === null || y === null) {
    return nothing(`the coordinates of ${variable.name} are not evenly spaced: it has no place`);
  }
  const geotransform: Geotransform = [x.first - x.step / 2, x.step, 0, y.first - y.step / 2, 0, y.step];
  if (!geotransform.every(Number.isFinite) || !invertGeoTransform(geotransform)) {
    return nothing(`the coordinates of ${variable.name} make no grid: it has no place`);
  }
  const warning = crs === null ? `nothing that is known here names the system of ${variable.name}` : null;
  return { georeference: { crs, geotransform, origin: 'file' }, warning };
}

/** The variable that holds the grid mapping; null where none is named. */
function mappingOf(dataset: CfDataset, variable: CfVariable): CfVariable['attributes'] | null {
  // `crs` or, extended, `crs: x y`.
  const name = textOf(variable.attributes, 'grid_mapping')?.split(/[\s:]/)[0];
  return dataset.variables.find((one) => one.name === name)?.attributes ?? null;
}

async function crsOf(
  variable: CfVariable,
  mapping: CfVariable['attributes'] | null,
  columns: CfVariable,
): Promise<Crs | null> {
  if (mapping !== null) return crsOfMapping(mapping);
  const own = textOf(variable.attributes, 'crs_wkt') ?? textOf(variable.attributes, 'spatial_ref');
  if (own !== null) return crsOfMapping(variable.attributes);
  const isLongitude =
    /^degrees?_?(?:e|east)$/i.test(textOf(columns.attributes, 'units') ?? '') ||
    textOf(columns.attributes, 'standard_name') === 'longitude';
  return isLongitude ? crsFromEpsg(4326, 'geographic', 'WGS 84') : null;
}

/** The first of evenly spaced coordinates and their step, in degrees or metres; null of others. */
async function axisOf(
  axis: CfVariable,
  mapping: CfVariable['attributes'] | null,
  signal: AbortSignal | undefined,
): Promise<{ readonly first: number; readonly step: number } | null> {
  const size = axis.dimensions[0]?.size ?? 0;
  if (size < 2 || size > mostCoordinates) return null;
  const stored = await axis.read([0], [size], signal);
  const [scale, offset] = [
    numberOf(axis.attributes, 'scale_factor') ?? 1,
    numberOf(axis.attributes, 'add_offset') ?? 0,
  ];
  const unit = unitOf(axis, mapping);
  const at = (i: number): number => (stored[i]! * scale + offset) * unit;
  const step = (at(size - 1) - at(0)) / (size - 1);
  for (let i = 0; i < size; i++) {
    if (!(Math.abs(at(i) - at(0) - i * step) <= regularWithin * Math.abs(step))) return null;
  }
  return { first: at(0), step };
}

/** Kilometres become metres, and angles of a geostationary view metres on its plane. */
function unitOf(axis: CfVariable, mapping: CfVariable['attributes'] | null): number {
  const units = textOf(axis.attributes, 'units') ?? '';
  if (/^(?:km|kilomet(?:er|re)s?)$/i.test(units)) return 1000;
  const height = mapping && numberOf(mapping, 'perspective_point_height');
  if (height && /^(?:rad|radians?)$/i.test(units)) return height;
  if (height && /^(?:microradians?|urad|µrad)$/i.test(units)) return height * 1e-6;
  return 1;
}
