import type { Geotransform } from '@tiepoint/geometry';
import { crsFromEpsg } from '../../georeference/crs.js';
import { lookUpEpsg } from '../../georeference/epsg-table.js';
import type { Georeference } from '../../georeference/georeference.js';
import { georeferenceOf, readTiffPlacement } from '../../georeference/geotiff-georeference.js';
import { invertGeoTransform } from '../../georeference/geotransform.js';
import { xmlElement, xmlElements } from '../../georeference/xml-scan.js';
import { type ByteSource, memorySource } from '../../source/byte-source.js';
import { parseAttributes } from '../geotiff/read/gdal-metadata.js';
import { readTiff } from '../geotiff/read/tiff-directory.js';
import { boxContent, type Jp2Box, readBoxes } from './jp2-boxes.js';

/** The UUID of GeoJP2: a GeoTIFF of one pixel that lies where the image does. */
const geoJp2 = 'b14bf8bd083d4b43a5ae8cd7d5a6ce03';
/** Georeferences larger than this are something else. */
const mostBytes = 4 * 1024 * 1024;

/** Where a JP2 file lies by GeoJP2 or, after it, GMLJP2; null where neither stands there. */
export async function readJp2Georeference(
  source: ByteSource,
  boxes: readonly Jp2Box[],
  signal?: AbortSignal,
): Promise<Georeference | null> {
  for (const box of boxes) {
    if (box.type !== 'uuid' || box.length < 24) continue;
    const content = await boxContent(source, box, mostBytes, signal);
    if (Array.from(content.subarray(0, 16), (v) => v.toString(16).padStart(2, '0')).join('') !== geoJp2) continue;
    // A damaged one must not keep the image from being read.
    const found = await fromTiff(content.subarray(16), signal).catch(() => null);
    if (found) return found;
  }
  return fromGml(await xmlOf(source, boxes, 0, signal));
}

async function fromTiff(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<Georeference | null> {
  const tiff = await readTiff(memorySource(bytes, 'GeoJP2'), signal);
  return georeferenceOf(await readTiffPlacement(tiff, tiff.directories[0]!, signal));
}

/** The text of all XML boxes, which associations hold in each other. */
async function xmlOf(
  source: ByteSource,
  boxes: readonly Jp2Box[],
  depth: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const texts: string[] = [];
  for (const box of boxes) {
    if (box.type === 'xml ') {
      texts.push(new TextDecoder().decode(await boxContent(source, box, mostBytes, signal)));
    } else if (box.type === 'asoc' && depth < 8) {
      const inner = await readBoxes(source, box.offset, box.offset + box.length, signal);
      texts.push(await xmlOf(source, inner, depth + 1, signal));
    }
  }
  return texts.join('\n');
}

async function fromGml(xml: string): Promise<Georeference | null> {
  const grid = xmlElement(xml, 'gml:RectifiedGrid');
  const origin = grid && xmlElement(grid.body, 'gml:Point');
  if (!grid || !origin) return null;
  const pair = (text: string): [number, number] => {
    const [a, b] = text
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    return [a ?? Number.NaN, b ?? Number.NaN];
  };
  const position = pair((xmlElement(origin.body, 'gml:pos') ?? xmlElement(origin.body, 'gml:coordinates'))?.body ?? '');
  const vectors = Array.from(xmlElements(grid.body, 'gml:offsetVector'), ({ body }) => pair(body));
  const srs = parseAttributes(origin.attributes).get('srsName') ?? '';
  const code = /EPSG[:/]+(?:[\d.]*[:/])?(\d+)/i.exec(srs)?.[1];
  if (vectors.length < 2) return null;
  const crs = code ? await lookUpEpsg(Number(code)).catch(() => crsFromEpsg(Number(code), 'projected')) : null;
  // URNs keep the registry's order, which for degrees is latitude first.
  const swapped = crs?.kind === 'geographic' && /^urn:|opengis\.net/i.test(srs);
  const [[x, y], [a, d], [b, e]] = [position, ...vectors].map(([p, q]) => (swapped ? [q, p] : [p, q])) as [
    [number, number],
    [number, number],
    [number, number],
  ];
  // The origin is the centre of the first pixel.
  const geotransform: Geotransform = [x - (a + b) / 2, a, b, y - (d + e) / 2, d, e];
  return geotransform.every(Number.isFinite) && invertGeoTransform(geotransform)
    ? { crs, geotransform, origin: 'file' }
    : null;
}
