import { childOf, findNode, numberIn, parseWkt, type WktNode } from './wkt-nodes.js';

/** A projected system of WKT in PROJ's words. */
export interface WktProjection {
  /** Method, parameters and unit as a PROJ string, without the ellipsoid. */
  readonly words: string;
  /** The geodetic system it stands on as WKT 1. */
  readonly base: string;
  /** Semi-major axis in metres, and inverse flattening (0 of a sphere). */
  readonly ellipsoid: readonly [number, number];
}

/** Parameters by name, small letters without signs; angles in degrees, lengths in metres. */
type Parameters = (usual: number, ...names: readonly string[]) => number;

const lat0 = ['latitudeoforigin', 'latitudeofnaturalorigin', 'latitudeoffalseorigin', 'latitudeofcenter'] as const;
const lon0 = [
  'centralmeridian',
  'longitudeofnaturalorigin',
  'longitudeoffalseorigin',
  'longitudeoforigin',
  'longitudeofcenter',
] as const;
const parallel1 = ['standardparallel1', 'latitudeof1ststandardparallel', 'latitudeofstandardparallel'] as const;
const parallel2 = ['standardparallel2', 'latitudeof2ndstandardparallel'] as const;
const factor = ['scalefactor', 'scalefactoratnaturalorigin'] as const;

const origin = (p: Parameters): string => `+lat_0=${p(0, ...lat0)} +lon_0=${p(0, ...lon0)}`;
const meridian = (p: Parameters): string => `+lon_0=${p(0, ...lon0)}`;
const scaled = (p: Parameters): string => `+k_0=${p(1, ...factor)}`;
const parallels = (p: Parameters): string => `+lat_1=${p(0, ...parallel1)} +lat_2=${p(0, ...parallel2)}`;

const lambertOfOne = (p: Parameters): string => {
  const lat = p(p(0, ...parallel1), ...lat0);
  return `+proj=lcc +lat_1=${lat} +lat_0=${lat} ${meridian(p)} ${scaled(p)}`;
};
const lambertOfTwo = (p: Parameters): string => `+proj=lcc ${parallels(p)} ${origin(p)}`;
/** A pole, and the latitude where the scale is true. */
const polar = (p: Parameters, pole: number | null): string => {
  const lat = p(p(90, ...lat0), ...parallel1);
  const at = pole ?? (lat < 0 ? -90 : 90);
  const lon = p(p(0, ...lon0), 'straightverticallongitudefrompole');
  const trueScale = Math.abs(lat) === 90 ? scaled(p) : `+lat_ts=${lat}`;
  return `+proj=stere +lat_0=${at} ${trueScale} +lon_0=${lon}`;
};
const mercator = (p: Parameters): string => {
  const lat = p(0, ...parallel1);
  return `+proj=merc ${meridian(p)} ${lat === 0 ? scaled(p) : `+lat_ts=${lat}`}`;
};
const equidistant = (p: Parameters): string =>
  `+proj=eqc +lat_ts=${p(0, ...parallel1)} +lat_0=${p(0, 'latitudeoforigin')} ${meridian(p)}`;
const equalArea = (p: Parameters): string => `+proj=cea +lat_ts=${p(0, ...parallel1)} ${meridian(p)}`;
const plain =
  (name: string) =>
  (p: Parameters): string =>
    `+proj=${name} ${meridian(p)}`;
const central =
  (name: string) =>
  (p: Parameters): string =>
    `+proj=${name} ${origin(p)}`;

/** ESRI's option 0 sweeps in y, as Meteosat; 1 in x, as GOES. */
const sweep = (p: Parameters): string => (p(0, 'option') === 1 ? ' +sweep=x' : '');
/** A line of constant azimuth takes the equator's place; east-west through the centre it is Switzerland's. */
const oblique = (p: Parameters): string => {
  const alpha = p(0, 'azimuth', 'azimuthofinitialline', 'azimuthatprojectioncentre');
  const gamma = p(alpha, 'rectifiedgridangle', 'anglefromrectifiedtoskewgrid', 'xyplanerotation');
  const [lat, lon] = [p(0, ...lat0, 'latitudeofprojectioncentre'), p(0, ...lon0, 'longitudeofprojectioncentre')];
  const scale = `+k_0=${p(1, ...factor, 'scalefactoroninitialline', 'scalefactoratprojectioncentre')}`;
  const isSwiss = Math.abs(alpha - 90) < 1e-9 && Math.abs(gamma - 90) < 1e-9;
  return isSwiss
    ? `+proj=somerc +lat_0=${lat} +lon_0=${lon} ${scale}`
    : `+proj=omerc +lat_0=${lat} +lonc=${lon} +alpha=${alpha} +gamma=${gamma} ${scale}`;
};
const obliqueOfOrigin = (p: Parameters): string => `${oblique(p)} +no_uoff`;

/**
 * Methods by their names in WKT 1, ESRI's and WKT 2, small letters without signs. What is not here is left to proj4's own
 * reader, which leaves out the standard parallels of several of these.
 */
const methods: Readonly<Record<string, (p: Parameters) => string>> = {
  transversemercator: (p) => `+proj=tmerc ${origin(p)} ${scaled(p)}`,
  gausskruger: (p) => `+proj=tmerc ${origin(p)} ${scaled(p)}`,
  lambertconformalconic1sp: lambertOfOne,
  lambertconicconformal1sp: lambertOfOne,
  lambertconformalconic2sp: lambertOfTwo,
  lambertconicconformal2sp: lambertOfTwo,
  // ESRI has one name for both.
  lambertconformalconic: (p) =>
    Number.isNaN(p(Number.NaN, ...parallel2)) ? lambertOfOne(p) : `${lambertOfTwo(p)} ${scaled(p)}`,
  albers: (p) => `+proj=aea ${parallels(p)} ${origin(p)}`,
  albersconicequalarea: (p) => `+proj=aea ${parallels(p)} ${origin(p)}`,
  albersequalarea: (p) => `+proj=aea ${parallels(p)} ${origin(p)}`,
  equidistantconic: (p) => `+proj=eqdc ${parallels(p)} ${origin(p)}`,
  lambertazimuthalequalarea: central('laea'),
  azimuthalequidistant: central('aeqd'),
  modifiedazimuthalequidistant: central('aeqd'),
  stereographic: (p) => `+proj=stere ${origin(p)} ${scaled(p)}`,
  obliquestereographic: (p) => `+proj=sterea ${origin(p)} ${scaled(p)}`,
  doublestereographic: (p) => `+proj=sterea ${origin(p)} ${scaled(p)}`,
  polarstereographic: (p) => polar(p, null),
  polarstereographicvarianta: (p) => polar(p, null),
  polarstereographicvariantb: (p) => polar(p, null),
  stereographicnorthpole: (p) => polar(p, 90),
  stereographicsouthpole: (p) => polar(p, -90),
  mercator: mercator,
  mercator1sp: mercator,
  mercator2sp: mercator,
  mercatorvarianta: mercator,
  mercatorvariantb: mercator,
  equirectangular: equidistant,
  equidistantcylindrical: equidistant,
  equidistantcylindricalspherical: equidistant,
  platecarree: equidistant,
  cylindricalequalarea: equalArea,
  lambertcylindricalequalarea: equalArea,
  lambertcylindricalequalareaspherical: equalArea,
  behrmann: (p) => `+proj=cea +lat_ts=${p(30, ...parallel1)} ${meridian(p)}`,
  sinusoidal: plain('sinu'),
  mollweide: plain('moll'),
  robinson: plain('robin'),
  millercylindrical: plain('mill'),
  vandergrinten: plain('vandg'),
  vandergrinteni: plain('vandg'),
  equalearth: plain('eqearth'),
  cassinisoldner: central('cass'),
  cassini: central('cass'),
  polyconic: central('poly'),
  americanpolyconic: central('poly'),
  orthographic: central('ortho'),
  gnomonic: central('gnom'),
  newzealandmapgrid: central('nzmg'),
  bonne: (p) => `+proj=bonne +lat_1=${p(p(0, ...lat0), ...parallel1)} ${meridian(p)}`,
  geostationarysatellitesweepx: (p) => `+proj=geos +h=${p(0, 'satelliteheight')} ${meridian(p)} +sweep=x`,
  geostationarysatellitesweepy: (p) => `+proj=geos +h=${p(0, 'satelliteheight')} ${meridian(p)}`,
  geostationarysatellite: (p) => `+proj=geos +h=${p(p(0, 'height'), 'satelliteheight')} ${meridian(p)}${sweep(p)}`,
  hotineobliquemercator: obliqueOfOrigin,
  hotineobliquemercatorvarianta: obliqueOfOrigin,
  hotineobliquemercatorazimuthnaturalorigin: obliqueOfOrigin,
  rectifiedskeworthomorphicnaturalorigin: obliqueOfOrigin,
  hotineobliquemercatorvariantb: oblique,
  hotineobliquemercatorazimuthcenter: oblique,
  rectifiedskeworthomorphiccenter: oblique,
};

const plainName = (value: unknown): string =>
  String(value ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');

/** The projected system that WKT describes; null of other systems, and of methods that are not known here. */
export function projectionOfWkt(text: string): WktProjection | null {
  const root = /^\s*(PROJCS|PROJCRS|PROJECTEDCRS)\s*[[(]/i.test(text) ? parseWkt(text) : null;
  const base = root && childOf(root, 'GEOGCS', 'BASEGEOGCRS', 'BASEGEODCRS');
  // GDAL keeps what WKT 1 cannot say as a PROJ string, which proj4 does not look at either: it is the caller's.
  if (!root || !base || childOf(root, 'EXTENSION')) return null;
  const method = findNode(root, 'PROJECTION', 'METHOD');
  const words = methods[plainName(method?.values[0])];
  const ellipsoid = findNode(base, 'SPHEROID', 'ELLIPSOID');
  const [a, rf] = (ellipsoid?.values.filter((value) => typeof value === 'number') ?? []) as number[];
  if (words === undefined || a === undefined || rf === undefined) return null;
  const metres = numberIn(unitOf(root) ?? childOf(childOf(root, 'AXIS') ?? root, 'LENGTHUNIT', 'UNIT'), 1);
  const parameters = parametersOf(root, metres, angleOf(base));
  const x0 = parameters(0, 'falseeasting', 'eastingatfalseorigin', 'eastingatprojectioncentre');
  const y0 = parameters(0, 'falsenorthing', 'northingatfalseorigin', 'northingatprojectioncentre');
  const meridianDegrees = primeMeridian(root, base);
  const pm = meridianDegrees === 0 ? '' : ` +pm=${meridianDegrees}`;
  return {
    words: `${words(parameters)} +x_0=${x0} +y_0=${y0} +to_meter=${metres}${pm}`,
    base: baseText(base, a, rf),
    ellipsoid: [a * numberIn(ellipsoid && childOf(ellipsoid, 'LENGTHUNIT', 'UNIT'), 1), rf],
  };
}

/** Degrees in a unit of the coordinates of a geographic system of WKT; 1 of others. */
export function degreesOfWkt(text: string): number {
  const root = /^\s*GEO(?:GCS|GCRS|GRAPHICCRS|DCRS|DETICCRS)\s*[[(]/i.test(text) ? parseWkt(text) : null;
  if (root === null) return 1;
  return degrees(
    numberIn(childOf(root, 'UNIT', 'ANGLEUNIT') ?? findNode(childOf(root, 'AXIS') ?? root, 'ANGLEUNIT'), Math.PI / 180),
  );
}

function unitOf(root: WktNode): WktNode | undefined {
  return childOf(root, 'UNIT', 'LENGTHUNIT');
}

/** Degrees in the angular unit of a geodetic system. */
function angleOf(base: WktNode): number {
  return degrees(numberIn(childOf(base, 'UNIT', 'ANGLEUNIT'), Math.PI / 180));
}

/** What writers round: a degree, a grad. */
function degrees(radians: number): number {
  const value = (radians * 180) / Math.PI;
  return Math.abs(value - 1) < 1e-9 ? 1 : Math.abs(value - 0.9) < 1e-9 ? 0.9 : value;
}

function parametersOf(root: WktNode, metres: number, degreesOfAngle: number): Parameters {
  const found = new Map<string, number>();
  for (const node of [...root.children, ...(childOf(root, 'CONVERSION')?.children ?? [])]) {
    if (node.keyword !== 'PARAMETER') continue;
    const name = plainName(node.values[0]);
    const [angle, length] = [childOf(node, 'ANGLEUNIT'), childOf(node, 'LENGTHUNIT')];
    const isLength = /easting|northing|height/.test(name);
    const isFactor = name.includes('scale');
    const unit = angle
      ? degrees(numberIn(angle, 1))
      : length
        ? numberIn(length, 1)
        : isFactor
          ? 1
          : isLength
            ? metres
            : degreesOfAngle;
    found.set(name, numberIn(node, 0) * unit);
  }
  return (usual, ...names) => names.map((name) => found.get(name)).find((value) => value !== undefined) ?? usual;
}

/** Degrees east of Greenwich. */
function primeMeridian(root: WktNode, base: WktNode): number {
  const node = findNode(base, 'PRIMEM', 'PRIMEMERIDIAN');
  const value = numberIn(node, 0);
  const own = node && childOf(node, 'ANGLEUNIT');
  if (own) return value * degrees(numberIn(own, 1));
  // WKT 1 of GDAL and of ESRI has degrees here whatever the unit; of others Paris may stand in grads.
  return root.keyword === 'PROJCS' && Math.abs(value - 2.5969213) < 1e-5 ? value * 0.9 : value;
}

/** The geodetic system as WKT 1, by which proj4 knows datums. */
function baseText(base: WktNode, a: number, rf: number): string {
  const datum = findNode(base, 'DATUM', 'GEODETICDATUM', 'ENSEMBLE');
  const name = String(datum?.values[0] ?? 'unknown').replaceAll(/\W+/g, '_');
  const ellipsoid = String(findNode(base, 'SPHEROID', 'ELLIPSOID')?.values[0] ?? 'unknown').replaceAll('"', '');
  const shift = datum && childOf(datum, 'TOWGS84');
  const towgs84 = shift ? `,TOWGS84[${shift.values.join(',')}]` : '';
  return `GEOGCS["base",DATUM["${name}",SPHEROID["${ellipsoid}",${a},${rf}]${towgs84}],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]`;
}
