import { TiepointError } from '@tiepoint/geometry';
import { crsFromEpsg } from '../georeference/crs.js';
import { transformerBetween } from '../georeference/crs-transformer.js';
import type { ControlPoint, ControlPointSet } from './control-point.js';
import { invalid } from './control-points-text.js';

/** The image that an annotation is about. */
export interface AnnotatedImage {
  /** Its address: that of a IIIF canvas or of the file, `https:` or `file:`. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

const context = [
  'http://iiif.io/api/extension/georef/1/context.json',
  'http://iiif.io/api/presentation/3/context.json',
];

/**
 * A Georeference Annotation (IIIF's georeferencing extension 1.0) of the whole image, as Allmaps reads and writes them. Pixels
 * count from the outer corner of the first; places are longitudes and latitudes. Points that are switched off are left out.
 * @throws {TiepointError} `no-georeference` where the points' places are not on a map, and as converting coordinates does.
 */
export async function formatAnnotation(set: ControlPointSet, image: AnnotatedImage): Promise<string> {
  if (set.crs === null) {
    throw new TiepointError('no-georeference', 'a Georeference Annotation holds places on Earth, and these have none', {
      hint: 'Use a reference that is georeferenced, or another format of control points: .csv, .geojson.',
    });
  }
  const used = set.points.filter(({ enabled }) => enabled !== false);
  const places = Float64Array.from(used.flatMap(({ mapX, mapY }) => [mapX, mapY]));
  const wgs84 = crsFromEpsg(4326, 'geographic');
  (await transformerBetween(set.crs, wgs84, { approximate: true })).forward(places);
  const { id, width, height } = image;
  const ring = `0,0 ${width},0 ${width},${height} 0,${height}`;
  const features = used.map(({ id: pointId, x, y, covariance, score }, i) => ({
    type: 'Feature',
    id: pointId,
    properties: {
      resourceCoords: [x, y],
      ...(covariance === undefined ? {} : { covariance }),
      ...(score === undefined ? {} : { score }),
    },
    geometry: { type: 'Point', coordinates: [places[2 * i]!, places[2 * i + 1]!] },
  }));
  const annotation = {
    '@context': context,
    type: 'Annotation',
    motivation: 'georeferencing',
    target: {
      type: 'SpecificResource',
      source: { id, type: 'Canvas', height, width },
      selector: {
        type: 'SvgSelector',
        value: `<svg width="${width}" height="${height}"><polygon points="${ring}" /></svg>`,
      },
    },
    body: { type: 'FeatureCollection', features },
  };
  return `${JSON.stringify(annotation, null, 1)}\n`;
}

/** True for text that is an annotation, or a page of them. */
export function isAnnotation(text: string): boolean {
  return /"type"\s*:\s*"Annotation(Page)?"/.test(text.slice(0, 4096));
}

/**
 * Reads a Georeference Annotation, or a page that holds one; names of earlier versions (`pixelCoords`) are known.
 * @throws {TiepointError} `invalid-control-points`.
 */
export function parseAnnotation(text: string): ControlPointSet {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw invalid(text.slice(0, 60), 'JSON');
  }
  const items = of(document, 'items');
  if (Array.isArray(items) && items.length !== 1) {
    throw invalid(`an AnnotationPage of ${items.length} annotations`, 'one annotation: its points belong to one image');
  }
  const annotation = Array.isArray(items) ? (items[0] as unknown) : document;
  const features = of(of(annotation, 'body'), 'features');
  if (!Array.isArray(features)) throw invalid(text.slice(0, 60), 'a body with features');
  const points = (features as unknown[]).map((feature, i): ControlPoint => {
    const properties = of(feature, 'properties');
    const pixel = pairOf(of(properties, 'resourceCoords') ?? of(properties, 'pixelCoords'));
    const place = pairOf(of(of(feature, 'geometry'), 'coordinates'));
    if (!pixel || !place) throw invalid(JSON.stringify(feature).slice(0, 80), 'resourceCoords and a point');
    const id = of(feature, 'id');
    const covariance = of(properties, 'covariance');
    const score = of(properties, 'score');
    return {
      id: typeof id === 'string' ? id : String(i + 1),
      x: pixel[0],
      y: pixel[1],
      mapX: place[0],
      mapY: place[1],
      ...(Array.isArray(covariance) && covariance.length === 3 && covariance.every(Number.isFinite)
        ? { covariance: covariance as unknown as readonly [number, number, number] }
        : {}),
      ...(typeof score === 'number' ? { score } : {}),
    };
  });
  return { points, crs: crsFromEpsg(4326, 'geographic', 'WGS 84') };
}

function pairOf(value: unknown): readonly [number, number] | null {
  if (!Array.isArray(value) || value.length < 2) return null;
  const [x, y] = value as unknown[];
  return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null;
}

function of(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
