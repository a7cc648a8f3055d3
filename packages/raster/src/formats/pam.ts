import type { Crs } from '../georeference/crs.js';
import { crsFromWkt, parseGcpElements } from '../georeference/gdal-xml.js';
import { type Georeference, geotransformFromGcps } from '../georeference/georeference.js';
import { invertGeoTransform } from '../georeference/geotransform.js';
import type { Rpc } from '../georeference/rpc.js';
import { esriGcps } from '../georeference/esri-gcps.js';
import { rpcFromItems } from '../georeference/rpc-text.js';
import { withoutComments, withoutElements, xmlElement, xmlElements } from '../georeference/xml-scan.js';
import type { Geotransform } from '@tiepoint/geometry';
import { parseAttributes, parseNodata, unescapeXml } from './geotiff/read/gdal-metadata.js';
import type { RasterContent } from './raster-content.js';
import { colorTableOf } from './gdal-color-table.js';
import { type BandInfo, colorInterpretationOf } from './raster-file.js';
import { withBands } from './sidecar-pixels.js';
import { marksMissing } from './validity.js';

/** What GDAL's `.aux.xml` (PAM) says of an image. */
export interface Pam {
  readonly crs: Crs | null;
  readonly georeference: Georeference | null;
  readonly rpc: Rpc | null;
  /** By band, from 1. */
  readonly bands: ReadonlyMap<number, Partial<BandInfo>>;
}

/** Reads an `.aux.xml`; what it does not say, or says wrongly, is left out. */
export function parsePam(text: string): Pam {
  const xml = withoutElements(withoutComments(text), 'Subdatasets');
  const bands = new Map<number, Partial<BandInfo>>();
  for (const { attributes, body } of xmlElements(xml, 'PAMRasterBand')) {
    bands.set(Number(parseAttributes(attributes).get('band')), bandOf(body));
  }
  return { ...placeOf(xml), rpc: rpcOf(xml), bands };
}

/** RPCs stand among the metadata, in a domain of their own. */
function rpcOf(xml: string): Rpc | null {
  for (const { attributes, body } of xmlElements(xml, 'Metadata')) {
    if (parseAttributes(attributes).get('domain') !== 'RPC') continue;
    const items = [...xmlElements(body, 'MDI')].map(
      (item) => [parseAttributes(item.attributes).get('key') ?? '', unescapeXml(item.body)] as const,
    );
    return rpcFromItems(new Map(items));
  }
  return null;
}

function bandOf(body: string): Partial<BandInfo> {
  const text = (name: string): string | null => {
    const found = xmlElement(body, name);
    return found ? unescapeXml(found.body).trim() : null;
  };
  const number = (name: string): number | null => {
    const value = Number(text(name) ?? Number.NaN);
    return Number.isFinite(value) ? value : null;
  };
  const [nodata, name, unit] = [parseNodata(text('NoDataValue')), text('Description'), text('UnitType')];
  const [scale, offset] = [number('Scale'), number('Offset')];
  const [color, colorTable] = [text('ColorInterp'), colorTableOf(body)];
  const thematic = xmlElement(body, 'CategoryNames') !== null || /tableType\s*=\s*"thematic"/.test(body);
  return {
    ...(thematic ? { metadata: { LAYER_TYPE: 'thematic' } } : {}),
    ...(nodata === null ? {} : { nodata }),
    ...(name ? { name } : {}),
    ...(color ? { colorInterpretation: colorInterpretationOf(color) } : {}),
    ...(colorTable ? { colorTable } : {}),
    ...(unit ? { unit } : {}),
    ...(scale === null ? {} : { scale }),
    ...(offset === null ? {} : { offset }),
  };
}

function placeOf(xml: string): Pick<Pam, 'crs' | 'georeference'> {
  const srs = xmlElement(xml, 'SRS');
  const crs = srs ? crsFromWkt(unescapeXml(srs.body)) : null;
  const g = xmlElement(xml, 'GeoTransform')?.body.split(',').map(Number) ?? [];
  if (g.length === 6 && g.every(Number.isFinite) && invertGeoTransform(g as unknown as Geotransform)) {
    return { crs, georeference: { crs, geotransform: g as unknown as Geotransform, origin: 'aux-xml' } };
  }
  const byEsri = esriGcps(xml);
  const esriPlace = byEsri && geotransformFromGcps(byEsri.gcps);
  if (esriPlace) {
    const own = crs ?? byEsri.crs;
    return { crs: own, georeference: { crs: own, geotransform: esriPlace, gcps: byEsri.gcps, origin: 'gcps' } };
  }
  const list = xmlElement(xml, 'GCPList');
  const gcps = list ? parseGcpElements(list.body) : [];
  const fitted = geotransformFromGcps(gcps);
  if (!list || !fitted) return { crs, georeference: null };
  const projection = parseAttributes(list.attributes).get('Projection');
  const own = projection ? crsFromWkt(projection) : crs;
  return { crs, georeference: { crs: own, geotransform: fitted, gcps, origin: 'gcps' } };
}

/** The content with what its `.aux.xml` says of its bands; it beats what the file says, as in GDAL. */
export function withPam(content: RasterContent, { bands }: Pam): RasterContent {
  if (bands.size === 0) return content;
  const described = content.pixels.bands.map((band) => {
    const said = { ...band, ...bands.get(band.index) };
    // What a file itself says of its colours counts more.
    const colorInterpretation = /^(?:undefined|gray)$/.test(band.colorInterpretation)
      ? said.colorInterpretation
      : band.colorInterpretation;
    return { ...said, colorInterpretation };
  });
  const missing = described.some(({ nodata, dataType }) => marksMissing(nodata, dataType));
  return {
    ...content,
    pixels: withBands(content.pixels, described),
    maskKind: content.maskKind === 'none' && missing ? 'nodata' : content.maskKind,
  };
}
