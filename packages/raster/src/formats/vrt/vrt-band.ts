import { TiepointError } from '@tiepoint/geometry';
import { type XmlElement, xmlElement, xmlElements } from '../../georeference/xml-scan.js';
import { gdalTypeOf } from '../../control-points/vrt-names.js';
import type { DataType } from '../data-type.js';
import { parseAttributes, parseNodata, unescapeXml } from '../geotiff/read/gdal-metadata.js';
import { colorTableOf } from '../gdal-color-table.js';
import { type BandInfo, colorInterpretationOf } from '../raster-file.js';
import { parseVrtSource, sourceElements, type VrtSource } from './vrt-source.js';

/** A band as its element describes it. */
export interface VrtBand {
  readonly body: string;
  readonly dataType: DataType;
  readonly sources: readonly VrtSource[];
  /** Where the samples of a raw band stand; null of others. */
  readonly raw: VrtRawPlace | null;
}

/** What a raw band says of its file; null where it leaves that to what is usual. */
interface VrtRawPlace {
  readonly file: string;
  readonly offset: number;
  readonly pixelStep: number | null;
  readonly rowStep: number | null;
  readonly littleEndian: boolean;
}

/** The text of an element inside; null where it is not there or empty. */
function textIn(body: string, name: string): string | null {
  const found = xmlElement(body, name);
  return found === null ? null : unescapeXml(found.body).trim() || null;
}

/** Reads a band's element. @throws {TiepointError} `unsupported-format`, `file-corrupt`. */
export function parseVrtBand({ attributes, body }: XmlElement, index: number, name: string): VrtBand {
  const own = parseAttributes(attributes);
  const kind = own.get('subClass') ?? 'VRTSourcedRasterBand';
  const dataType = gdalTypeOf(own.get('dataType') ?? 'Byte');
  if ((kind !== 'VRTSourcedRasterBand' && kind !== 'VRTRawRasterBand') || dataType === null) {
    const what = dataType === null ? `type ${own.get('dataType')}` : `kind ${kind}`;
    throw new TiepointError('unsupported-format', `${name}: band ${index + 1} is of ${what}, which is not read`, {
      hint: 'Convert it first: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES in.vrt out.tif',
      value: what,
    });
  }
  const raw = kind === 'VRTRawRasterBand' ? rawPlace(body, name) : null;
  const sources = sourceElements(body).map((element) => parseVrtSource(element, name));
  return { body, dataType, sources, raw };
}

function rawPlace(body: string, name: string): VrtRawPlace {
  const file = textIn(body, 'SourceFilename');
  if (file === null) {
    throw new TiepointError('file-corrupt', `${name}: a raw band that names no file`, {
      hint: 'The VRT is incomplete or damaged.',
      value: null,
    });
  }
  const number = (element: string): number | null => {
    const text = textIn(body, element);
    return text === null ? null : Number(text);
  };
  return {
    file,
    offset: number('ImageOffset') ?? 0,
    pixelStep: number('PixelOffset'),
    rowStep: number('LineOffset'),
    littleEndian: !/^MSB$/i.test(textIn(body, 'ByteOrder') ?? 'LSB'),
  };
}

/** The band's description, as GDAL shows it. */
export function describeVrtBand({ body, dataType }: VrtBand, index: number): BandInfo {
  const number = (element: string, usual: number): number => {
    const value = Number(textIn(body, element) ?? Number.NaN);
    return Number.isFinite(value) ? value : usual;
  };
  const metadata: Record<string, string> = {};
  for (const item of xmlElements(xmlElement(body, 'Metadata')?.body ?? '', 'MDI')) {
    const key = parseAttributes(item.attributes).get('key');
    if (key) metadata[key] = unescapeXml(item.body);
  }
  const hidden = /^(1|yes|true)$/i.test(textIn(body, 'HideNoDataValue') ?? '');
  return {
    index: index + 1,
    name: textIn(body, 'Description'),
    dataType,
    nodata: hidden ? null : parseNodata(textIn(body, 'NoDataValue')),
    colorInterpretation: colorInterpretationOf(textIn(body, 'ColorInterp') ?? ''),
    scale: number('Scale', 1),
    offset: number('Offset', 0),
    unit: textIn(body, 'UnitType'),
    metadata,
    colorTable: colorTableOf(body),
  };
}
