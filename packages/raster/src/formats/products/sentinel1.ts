import { TiepointError } from '@tiepoint/geometry';
import { lookUpEpsg } from '../../georeference/epsg-table.js';
import { type Georeference, geotransformFromGcps, type GroundControlPoint } from '../../georeference/georeference.js';
import { xmlElement, xmlElements } from '../../georeference/xml-scan.js';
import { needBeside, type OpenContext, readSourceText, readTextBeside } from '../beside.js';
import { parseAttributes } from '../geotiff/read/gdal-metadata.js';
import type { PixelSource } from '../pixel-source.js';
import { isXmlOf, type RasterFormat } from '../raster-format.js';
import { openProduct, type Product, type ProductBand } from './product.js';
import { type Backscatter, calibrated, parseCalibration } from './sentinel1-calibration.js';

/** Sentinel-1, level 1: a GeoTIFF a polarisation (and swath), described by `manifest.safe` and annotations. */
export const sentinel1Format: RasterFormat = {
  name: 'SAFE',
  about: {
    title: 'Sentinel-1 SAFE',
    names: 'the folder, its `.zip`, or `manifest.safe`',
    reads:
      'GRD: polarisations by name (`--band VV`), placed by the geolocation grid of the annotation. SLC: swath and polarisation by name (`--band IW2_VV`), as magnitude. Samples as stored, of which matching takes decibels; or σ⁰ by the calibration annotation, as power (`--band SIGMA0_VV`) or in decibels (`--band SIGMA0_VV_DB`), thermal noise left in',
    not: 'level 0 and 2; bursts are not merged; β⁰ and γ⁰',
  },
  sniff: (head) => isXmlOf(head, /xfdu:XFDU\b/),
  entry: /(^|\/)manifest\.safe$/,
  open: async (source, context) => {
    const beside = needBeside(context, source.name, 'a Sentinel-1 product');
    const text = await readSourceText(source, context.signal);
    await source.close();
    return openProduct(describe(text, source.name, source.location, context), beside, context);
  },
};

/** `s1a-iw-grd-vv-….tiff`, `s1a-iw2-slc-vv-….tiff` */
const measurement = /measurement\/(s1[a-d]-(\w+?)(\d?)-(grd|slc)-(\w\w)-[^/]*)\.tiff$/i;

function describe(text: string, name: string, location: string | null, context: OpenContext): Product {
  const bands: ProductBand[] = [];
  for (const { attributes } of xmlElements(text, 'fileLocation')) {
    const path = (parseAttributes(attributes).get('href') ?? '').replace(/^\.\//, '');
    const found = measurement.exec(path);
    if (found === null || path.split('/').includes('..')) continue;
    const [, , mode, swath, kind, polarisation] = found;
    const isSlc = kind!.toLowerCase() === 'slc';
    const pol = polarisation!.toUpperCase();
    const stored: ProductBand = {
      name: isSlc ? `${mode}${swath}_${pol}`.toUpperCase() : pol,
      file: path,
      band: 0,
      info: { nodata: isSlc ? null : 0, colorInterpretation: 'gray', metadata: { POLARISATION: pol } },
      usual: true,
    };
    bands.push(stored);
    for (const [what, prefix, suffix] of backscatters) {
      const made = (pixels: PixelSource): Promise<PixelSource> => calibratedBy(path, pixels, what, context);
      const info = { ...stored.info, nodata: null };
      bands.push({ ...stored, name: `${prefix}${stored.name}${suffix}`, info, usual: false, made });
    }
  }
  const [first] = bands.filter(({ usual }) => usual).toSorted((a, b) => a.name.localeCompare(b.name));
  if (first === undefined) {
    throw new TiepointError('unsupported-format', `${name}: no measurement of Sentinel-1 GRD or SLC is named there`, {
      hint: 'Of Sentinel-2 products name the folder or MTD_MSIL2A.xml.',
      value: name,
    });
  }
  // Swaths have grids of their own: only those of the first are bands of one image.
  const swathOf = (band: ProductBand): string => band.name.split('_').slice(0, -1).join('_');
  return {
    format: 'SAFE',
    name,
    location,
    bands: bands
      .map((band) => ({ ...band, usual: band.usual && swathOf(band) === swathOf(first) }))
      .toSorted((a, b) => Number(b.usual) - Number(a.usual) || rank(a) - rank(b) || a.name.localeCompare(b.name)),
    metadata: itemsOf(text),
    place: (band) => placeOf(band, context),
  };
}

/** What is made of samples, and how the name of the band says so. */
const backscatters: readonly (readonly [Backscatter, string, string])[] = [
  ['sigma0', 'SIGMA0_', ''],
  ['sigma0-db', 'SIGMA0_', '_DB'],
];

/** A band's samples as sigma nought. @throws {TiepointError} `file-not-found`, `file-corrupt`. */
async function calibratedBy(
  file: string,
  pixels: PixelSource,
  what: Backscatter,
  context: OpenContext,
): Promise<PixelSource> {
  const path = file.replace(/^(.*\/)?measurement\/(.*)\.tiff$/i, '$1annotation/calibration/calibration-$2.xml');
  const xml = await readTextBeside(context, path);
  if (xml !== null) return calibrated(pixels, parseCalibration(xml, path), what);
  throw new TiepointError('file-not-found', `${pixels.name}: ${path} is missing`, {
    hint: 'Sigma nought needs the calibration annotation: fetch the product again, or use the samples as stored (--band VV).',
    value: path,
  });
}

/** The polarisation that was sent is the stronger echo. */
function rank({ name }: ProductBand): number {
  return ['VV', 'HH'].some((own) => name.endsWith(own)) ? 0 : 1;
}

function itemsOf(text: string): Record<string, string> {
  const names = ['s1sarl1:productType', 's1sarl1:mode', 'safe:startTime', 's1:pass', 'safe:familyName'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = xmlElement(text, name);
      return found === null ? [] : [[name.replace(/^\w+:/, '').toUpperCase(), found.body.trim()]];
    }),
  );
}

/** Where a band lies, by the geolocation grid of its annotation; null where that is missing. */
async function placeOf({ file }: ProductBand, context: OpenContext): Promise<Georeference | null> {
  const annotation = file.replace(/^(.*\/)?measurement\//, '$1annotation/').replace(/\.tiff$/i, '.xml');
  const text = await readTextBeside(context, annotation);
  if (text === null) return null;
  const gcps: GroundControlPoint[] = [];
  for (const { body } of xmlElements(text, 'geolocationGridPoint')) {
    const number = (element: string): number => Number(xmlElement(body, element)?.body ?? Number.NaN);
    const [x, y] = [number('pixel'), number('line')];
    const [mapX, mapY, mapZ] = [number('longitude'), number('latitude'), number('height')];
    if ([x, y, mapX, mapY].every(Number.isFinite)) {
      gcps.push({ id: String(gcps.length + 1), x, y, mapX, mapY, mapZ: Number.isFinite(mapZ) ? mapZ : 0 });
    }
  }
  const continuous = withoutJump(gcps);
  const geotransform = geotransformFromGcps(continuous);
  return geotransform && { crs: await lookUpEpsg(4326), geotransform, gcps: continuous, origin: 'gcps' };
}

/** Longitudes of a scene across the antimeridian go on beyond 180 degrees. */
function withoutJump(gcps: readonly GroundControlPoint[]): GroundControlPoint[] {
  const longitudes = gcps.map(({ mapX }) => mapX);
  const jumps = Math.max(...longitudes) - Math.min(...longitudes) > 180;
  return gcps.map((point) => (jumps && point.mapX < 0 ? { ...point, mapX: point.mapX + 360 } : point));
}
