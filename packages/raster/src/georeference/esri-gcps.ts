import { unescapeXml } from '../formats/geotiff/read/gdal-metadata.js';
import type { Crs } from './crs.js';
import { crsFromWkt } from './gdal-xml.js';
import type { GroundControlPoint } from './georeference.js';
import { xmlElement, xmlElements } from './xml-scan.js';

/**
 * The control points that ArcGIS writes into `.aux.xml` (`GeodataXform`), whose rows are negative and grow upwards; null where
 * there are none.
 */
export function esriGcps(
  xml: string,
): { readonly crs: Crs | null; readonly gcps: readonly GroundControlPoint[] } | null {
  const xform = xmlElement(xml, 'GeodataXform')?.body;
  if (xform === undefined) return null;
  const numbers = (name: string): number[] =>
    Array.from(xmlElements(xmlElement(xform, name)?.body ?? '', 'Double'), ({ body }) => Number(body));
  const [source, target] = [numbers('SourceGCPs'), numbers('TargetGCPs')];
  if (source.length !== target.length || source.length < 6 || ![...source, ...target].every(Number.isFinite))
    return null;
  const wkt = xmlElement(xmlElement(xform, 'SpatialReference')?.body ?? '', 'WKT')?.body;
  const gcps = Array.from({ length: Math.floor(source.length / 2) }, (_, i): GroundControlPoint => ({
    id: String(i + 1),
    x: source[2 * i]!,
    y: -source[2 * i + 1]!,
    mapX: target[2 * i]!,
    mapY: target[2 * i + 1]!,
    mapZ: 0,
  }));
  return { crs: wkt === undefined ? null : crsFromWkt(unescapeXml(wkt)), gcps };
}
