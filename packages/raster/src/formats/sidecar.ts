import { type Crs, outerEpsg } from '../georeference/crs.js';
import { parseAttributes, unescapeXml } from './geotiff/read/gdal-metadata.js';
import { type Georeference, geotransformFromGcps, type GroundControlPoint } from '../georeference/georeference.js';
import { invertGeoTransform } from '../georeference/geotransform.js';
import type { Geotransform } from '@tiepoint/geometry';
import type { RasterFile } from './raster-file.js';
import { xmlElement, xmlElements } from '../georeference/xml-scan.js';

/** A sidecar larger than this is something else. */
const maxSidecarBytes = 4 * 1024 * 1024;

/**
 * Adds what stands beside a local file: `.aux.xml` (GDAL's PAM) first, as GDAL ranks it, then the file's own
 * georeference, then a world file.
 */
export async function withSidecars(file: RasterFile, path: string): Promise<RasterFile> {
  const aux = await readSidecar(`${path}.aux.xml`);
  const fromAux = aux === null ? null : parseAuxXml(aux);
  if (fromAux?.georeference) return { ...file, georeference: fromAux.georeference };
  const crs = fromAux?.crs ?? file.georeference?.crs ?? null;
  if (file.georeference) return { ...file, georeference: { ...file.georeference, crs } };
  for (const name of worldFileNames(path)) {
    const text = await readSidecar(name);
    const geotransform = text === null ? null : parseWorldFile(text);
    if (geotransform) return { ...file, georeference: { crs, geotransform, origin: 'world-file' } };
  }
  return file;
}

/**
 * The geotransform of a world file: six lines, A D B E C F, whose C and F are the centre of the first pixel.
 * Null where the text is something else.
 */
export function parseWorldFile(text: string): Geotransform | null {
  const numbers = text
    .trim()
    .split(/\s+/)
    .map((part) => Number(part.replace(',', '.')));
  if (numbers.length < 6 || !numbers.slice(0, 6).every(Number.isFinite)) return null;
  const [a, d, b, e, c, f] = numbers as [number, number, number, number, number, number];
  const g: Geotransform = [c - a / 2 - b / 2, a, b, f - d / 2 - e / 2, d, e];
  return invertGeoTransform(g) ? g : null;
}

/** The text of a world file for a geotransform. */
export function formatWorldFile(g: Geotransform): string {
  return `${[g[1], g[4], g[2], g[5], g[0] + (g[1] + g[2]) / 2, g[3] + (g[4] + g[5]) / 2].map((v) => v.toPrecision(15).replace(/\.?0+$/, '')).join('\n')}\n`;
}

/** What GDAL's `.aux.xml` says about place: an SRS, a geotransform, control points. */
function parseAuxXml(xml: string): { crs: Crs | null; georeference: Georeference | null } {
  const srs = xmlElement(xml, 'SRS');
  const crs = srs ? crsFromWkt(unescapeXml(srs.body)) : null;
  const g = xmlElement(xml, 'GeoTransform')?.body.split(',').map(Number) ?? [];
  if (g.length === 6 && g.every(Number.isFinite) && invertGeoTransform(g as unknown as Geotransform)) {
    return { crs, georeference: { crs, geotransform: g as unknown as Geotransform, origin: 'aux-xml' } };
  }
  const list = xmlElement(xml, 'GCPList');
  const gcps = list ? parseGcpElements(list.body) : [];
  const fitted = geotransformFromGcps(gcps);
  if (!list || !fitted) return { crs, georeference: null };
  const projection = parseAttributes(list.attributes).get('Projection');
  const own = projection ? crsFromWkt(projection) : crs;
  return { crs, georeference: { crs: own, geotransform: fitted, gcps, origin: 'gcps' } };
}

/** `<GCP Id="" Pixel="" Line="" X="" Y="" Z=""/>` elements, as VRT and `.aux.xml` have them. */
export function parseGcpElements(xml: string): GroundControlPoint[] {
  const out: GroundControlPoint[] = [];
  for (const element of xmlElements(xml, 'GCP')) {
    const a = parseAttributes(element.attributes);
    const [x, y, mapX, mapY] = ['Pixel', 'Line', 'X', 'Y'].map((name) => Number(a.get(name) ?? Number.NaN)) as [
      number,
      number,
      number,
      number,
    ];
    const mapZ = Number(a.get('Z') ?? a.get('GCPZ') ?? 0);
    if ([x, y, mapX, mapY].every(Number.isFinite)) {
      out.push({ id: a.get('Id') || String(out.length + 1), x, y, mapX, mapY, mapZ });
    }
  }
  return out;
}

/** The CRS of a WKT text: its own EPSG code where it has one, and the text itself as the definition. */
export function crsFromWkt(wkt: string): Crs | null {
  const text = wkt.trim();
  if (text === '') return null;
  const name = /^\w+\s*[[(]\s*"([^"]*)"/.exec(text)?.[1] ?? text;
  const kind = /^PROJ/i.test(text) ? 'projected' : /^GEOG|^GEODCRS/i.test(text) ? 'geographic' : 'local';
  const code = outerEpsg(text);
  if (code) return { name, code, definition: text, kind };
  return { name, code: null, definition: text, kind };
}

function worldFileNames(path: string): string[] {
  const dot = path.lastIndexOf('.');
  const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  if (dot <= slash + 1) return [`${path}.wld`];
  const base = path.slice(0, dot);
  const extension = path.slice(dot + 1);
  const short = `${extension.at(0)}${extension.at(-1)}w`;
  const names = [`${base}.${short}`, `${base}.${extension}w`, `${base}.wld`, `${base}.${short.toUpperCase()}`];
  return names.filter((name) => name !== path);
}

async function readSidecar(path: string): Promise<string | null> {
  const { open } = await import('node:fs/promises');
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return null;
  try {
    const { size } = await handle.stat();
    return size > maxSidecarBytes ? null : await handle.readFile('utf8');
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
