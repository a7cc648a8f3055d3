import { type Crs, crsFromEpsg } from '../../georeference/crs.js';
import { parseCrs } from '../../georeference/crs-transformer.js';
import { crsFromWkt } from '../../georeference/gdal-xml.js';
import { type CfVariable, numberOf, textOf } from './cf-dataset.js';

type Attributes = CfVariable['attributes'];
/** Numbers of the mapping by name; the second is what is usual. */
type Parameter = (name: string, usual?: number) => number;

const origin = (p: Parameter): string =>
  `+lat_0=${p('latitude_of_projection_origin')} +lon_0=${p('longitude_of_projection_origin')}`;

/** CF's grid mappings (appendix F) in PROJ's words. */
const mappings: Readonly<Record<string, (p: Parameter, attributes: Attributes) => string>> = {
  transverse_mercator: (p) =>
    `+proj=tmerc +lat_0=${p('latitude_of_projection_origin')} +lon_0=${p('longitude_of_central_meridian')} +k=${p('scale_factor_at_central_meridian', 1)}`,
  lambert_azimuthal_equal_area: (p) => `+proj=laea ${origin(p)}`,
  azimuthal_equidistant: (p) => `+proj=aeqd ${origin(p)}`,
  orthographic: (p) => `+proj=ortho ${origin(p)}`,
  stereographic: (p) => `+proj=stere ${origin(p)} +k=${p('scale_factor_at_projection_origin', 1)}`,
  mercator: (p, attributes) =>
    `+proj=merc +lon_0=${p('longitude_of_projection_origin')} ${attributes.has('standard_parallel') ? `+lat_ts=${p('standard_parallel')}` : `+k=${p('scale_factor_at_projection_origin', 1)}`}`,
  lambert_cylindrical_equal_area: (p) =>
    `+proj=cea +lat_ts=${p('standard_parallel')} +lon_0=${p('longitude_of_central_meridian')}`,
  sinusoidal: (p) => `+proj=sinu +lon_0=${p('longitude_of_projection_origin', p('longitude_of_central_meridian'))}`,
  polar_stereographic: (p, attributes) => {
    const lat = p('latitude_of_projection_origin', 90);
    const lon = p('straight_vertical_longitude_from_pole', p('longitude_of_projection_origin'));
    const scale = attributes.has('standard_parallel')
      ? `+lat_ts=${p('standard_parallel')}`
      : `+k=${p('scale_factor_at_projection_origin', 1)}`;
    return `+proj=stere +lat_0=${lat} ${scale} +lon_0=${lon}`;
  },
  lambert_conformal_conic: (p, attributes) => conic('lcc', p, attributes),
  albers_conical_equal_area: (p, attributes) => conic('aea', p, attributes),
  geostationary: (p, attributes) => {
    const isX = /^x$/i.test(textOf(attributes, 'sweep_angle_axis') ?? '');
    return `+proj=geos +h=${p('perspective_point_height')} +lon_0=${p('longitude_of_projection_origin')}${isX ? ' +sweep=x' : ''}`;
  },
};

function conic(name: string, p: Parameter, attributes: Attributes): string {
  const value = attributes.get('standard_parallel');
  const [one, two] = typeof value === 'object' ? value : [p('standard_parallel'), p('standard_parallel')];
  return `+proj=${name} +lat_1=${one} +lat_2=${two ?? one} +lat_0=${p('latitude_of_projection_origin')} +lon_0=${p('longitude_of_central_meridian')}`;
}

/** The system that a grid mapping's attributes describe: by WKT, else by CF's own names; null where they are not known here. */
export async function crsOfMapping(attributes: Attributes): Promise<Crs | null> {
  const wkt = textOf(attributes, 'crs_wkt') ?? textOf(attributes, 'spatial_ref');
  if (wkt !== null) return parseCrs(wkt).catch(() => crsFromWkt(wkt));
  const number: Parameter = (name, usual = 0) => numberOf(attributes, name) ?? usual;
  const name = textOf(attributes, 'grid_mapping_name');
  const shape = ellipsoidOf(attributes);
  if (name === 'latitude_longitude') {
    return shape === null ? crsFromEpsg(4326, 'geographic', 'WGS 84') : parseCrs(`+proj=longlat ${shape} +no_defs`);
  }
  const words = mappings[name ?? '']?.(number, attributes);
  if (words === undefined) return null;
  const offset = `+x_0=${number('false_easting')} +y_0=${number('false_northing')}`;
  return parseCrs(`${words} ${offset} ${shape ?? '+datum=WGS84'} +units=m +no_defs`).catch(() => null);
}

function ellipsoidOf(attributes: Attributes): string | null {
  const number = (name: string): number | null => numberOf(attributes, name);
  const a = number('semi_major_axis') ?? number('earth_radius');
  if (a === null) return null;
  const [b, rf] = [number('semi_minor_axis'), number('inverse_flattening')];
  const shape = rf === null ? `+b=${b ?? a}` : rf === 0 ? `+b=${a}` : `+rf=${rf}`;
  const shift = attributes.get('towgs84');
  const pm = number('longitude_of_prime_meridian');
  return `+a=${a} ${shape}${typeof shift === 'object' ? ` +towgs84=${shift.join(',')}` : ''}${pm ? ` +pm=${pm}` : ''}`;
}
