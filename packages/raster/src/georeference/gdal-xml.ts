import { parseAttributes } from '../formats/geotiff/read/gdal-metadata.js';
import { type Crs, horizontalPart, outerEpsg } from './crs.js';
import type { GroundControlPoint } from './georeference.js';
import { xmlElements } from './xml-scan.js';

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
  const text = horizontalPart(wkt.trim());
  if (text === '') return null;
  const name = /^\w+\s*[[(]\s*"([^"]*)"/.exec(text)?.[1] ?? text;
  const kind = /^PROJ/i.test(text) ? 'projected' : /^GEOG|^GEODCRS/i.test(text) ? 'geographic' : 'local';
  const code = outerEpsg(text);
  if (code) return { name, code, definition: text, kind };
  return { name, code: null, definition: text, kind };
}
