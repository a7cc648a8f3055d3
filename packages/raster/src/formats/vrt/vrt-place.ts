import type { Geotransform } from '@tiepoint/geometry';
import type { Crs } from '../../georeference/crs.js';
import { parseCrs } from '../../georeference/crs-transformer.js';
import { crsFromWkt, parseGcpElements } from '../../georeference/gdal-xml.js';
import { type Georeference, geotransformFromGcps } from '../../georeference/georeference.js';
import { invertGeoTransform } from '../../georeference/geotransform.js';
import { xmlElement } from '../../georeference/xml-scan.js';
import { parseAttributes, unescapeXml } from '../geotiff/read/gdal-metadata.js';

/** Where a VRT lies: by its geotransform, else by its control points; null where it has neither. */
export async function vrtPlace(body: string): Promise<Georeference | null> {
  const srs = xmlElement(body, 'SRS');
  const crs = srs === null ? null : await crsOf(unescapeXml(srs.body));
  const numbers = xmlElement(body, 'GeoTransform')?.body.split(',').map(Number) ?? [];
  if (numbers.length === 6 && numbers.every(Number.isFinite)) {
    const geotransform = numbers as unknown as Geotransform;
    if (invertGeoTransform(geotransform)) return { crs, geotransform, origin: 'file' };
  }
  const list = xmlElement(body, 'GCPList');
  const gcps = list === null ? [] : parseGcpElements(list.body);
  const fitted = geotransformFromGcps(gcps);
  if (list === null || fitted === null) return null;
  const own = parseAttributes(list.attributes).get('Projection');
  return { crs: own ? await crsOf(own) : crs, geotransform: fitted, gcps, origin: 'gcps' };
}

/** A system in any of the ways GDAL writes it; null of what is none. */
async function crsOf(text: string): Promise<Crs | null> {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return crsFromKnown(trimmed) ?? (await parseCrs(trimmed).catch(() => crsFromWkt(trimmed)));
}

/** WKT that gives its code needs no understanding. */
function crsFromKnown(text: string): Crs | null {
  const found = /^\w+\s*[[(]/.test(text) ? crsFromWkt(text) : null;
  return found?.code ? found : null;
}
