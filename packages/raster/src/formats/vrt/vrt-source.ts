import { TiepointError } from '@tiepoint/geometry';
import { type XmlElement, xmlElement, xmlElements } from '../../georeference/xml-scan.js';
import { parseAttributes, parseNodata, unescapeXml } from '../geotiff/read/gdal-metadata.js';
import type { MosaicSource, Rectangle } from '../mosaic/draw-source.js';

/** A source of a band, as its element describes it. */
export interface VrtSource extends MosaicSource {
  /** How GDAL would stretch it; empty is the nearest sample. */
  readonly resampling: string;
  /** The part of the colour table, from 1, that stands in place of the index; null where the index does. */
  readonly component: number | null;
}

/** A source's element with its name. */
interface SourceElement extends XmlElement {
  readonly kind: string;
}

/** Kinds of sources; those that are not read are found to be refused. */
const kinds = ['SimpleSource', 'ComplexSource', 'AveragedSource', 'KernelFilteredSource', 'NoDataFromMaskSource'];

/** The sources of a band in the order in which they are drawn. */
export function sourceElements(body: string): SourceElement[] {
  const found = kinds.flatMap((kind) => [...xmlElements(body, kind)].map((element) => ({ ...element, kind })));
  const inOrder = [...body.matchAll(/<(SimpleSource|ComplexSource)[\s>]/g)].map(([, kind]) => kind!);
  if (new Set(found.map(({ kind }) => kind)).size < 2) return found;
  const next = new Map(kinds.map((kind) => [kind, found.filter((element) => element.kind === kind)]));
  const sorted = inOrder.flatMap((kind) => next.get(kind)?.shift() ?? []);
  return [...sorted, ...[...next.values()].flat()];
}

/** Reads a source's element. @throws {TiepointError} `unsupported-format`, `file-corrupt`. */
export function parseVrtSource({ kind, attributes, body }: SourceElement, name: string): VrtSource {
  if (kind !== 'SimpleSource' && kind !== 'ComplexSource') {
    throw new TiepointError('unsupported-format', `${name}: sources of kind ${kind} are not read`, {
      hint: 'Convert it first: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES in.vrt out.tif',
      value: kind,
    });
  }
  const text = (element: string): string | null => {
    const found = xmlElement(body, element);
    return found === null ? null : unescapeXml(found.body).trim() || null;
  };
  const [file, to] = [text('SourceFilename'), rectangle(body, 'DstRect')];
  const size = parseAttributes(xmlElement(body, 'SourceProperties')?.attributes ?? '');
  const from = rectangle(body, 'SrcRect');
  const whole = { x: 0, y: 0, width: Number(size.get('RasterXSize')), height: Number(size.get('RasterYSize')) };
  const drawn = to ?? from ?? (whole.width > 0 && whole.height > 0 ? whole : null);
  if (file === null || drawn === null) {
    throw new TiepointError('file-corrupt', `${name}: a source that names no file, or no place`, {
      hint: 'The VRT is incomplete or damaged; gdalbuildvrt makes a new one.',
      value: file,
    });
  }
  const band = /^(mask,)?(\d+)$/.exec(text('SourceBand') ?? '1');
  const complex = kind === 'ComplexSource';
  const component = complex ? text('ColorTableComponent') : null;
  return {
    file,
    band: Math.max(0, Number(band?.[2] ?? 1) - 1),
    ofMask: band?.[1] !== undefined,
    from,
    to: drawn,
    nodata: complex ? parseNodata(text('NODATA')) : null,
    masked: complex && /^(true|1|yes|on)$/i.test(text('UseMaskBand') ?? ''),
    convert: complex ? conversionOf(text) : null,
    resampling: parseAttributes(attributes).get('resampling') ?? '',
    component: component === null ? null : Number(component),
  };
}

/** The attributes of a rectangle; null where it is left out or damaged. */
function rectangle(body: string, name: string): Rectangle | null {
  const own = xmlElement(body, name);
  if (own === null) return null;
  const values = parseAttributes(own.attributes);
  const [x, y, width, height] = ['xOff', 'yOff', 'xSize', 'ySize'].map((key) =>
    Number(values.get(key) ?? Number.NaN),
  ) as [number, number, number, number];
  const sound = [x, y, width, height].every(Number.isFinite) && width > 0 && height > 0;
  return sound ? { x, y, width, height } : null;
}

/** What a complex source does to values: an exponent, a scale and an offset, then a table; null where it does nothing. */
function conversionOf(text: (element: string) => string | null): ((value: number) => number) | null {
  const number = (element: string, usual: number): number => {
    const value = Number(text(element) ?? Number.NaN);
    return Number.isFinite(value) ? value : usual;
  };
  const steps: ((value: number) => number)[] = [];
  if (text('Exponent') !== null) {
    const [exponent, low, high] = [number('Exponent', 1), number('SrcMin', 0), number('SrcMax', 1)];
    const [dstLow, dstHigh] = [number('DstMin', 0), number('DstMax', 1)];
    steps.push((value) => {
      const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
      return (dstHigh - dstLow) * share ** exponent + dstLow;
    });
  } else if (text('ScaleRatio') !== null || text('ScaleOffset') !== null) {
    const [ratio, offset] = [number('ScaleRatio', 1), number('ScaleOffset', 0)];
    steps.push((value) => value * ratio + offset);
  }
  const table = text('LUT');
  if (table !== null) {
    const numbers = table
      .split(',')
      .map((entry) => entry.split(':').map(Number) as [number, number])
      // An entry for NaN stands alone: what is not a number has no neighbours.
      .filter((entry) => entry.length === 2 && entry.every((value) => Number.isFinite(value)))
      .flat();
    const nan = /(?:^|,)\s*nan\s*:\s*([^,\s]+)/i.exec(table)?.[1];
    const ofNaN = nan === undefined ? Number.NaN : Number(nan);
    steps.push((value) => (Number.isNaN(value) ? ofNaN : lookUp(numbers, value)));
  }
  return steps.length === 0 ? null : (value) => steps.reduce((result, step) => step(result), value);
}

/** Between the entries of a table `in, out, in, out, …` values are interpolated; beyond its ends they stay at the ends. */
function lookUp(table: readonly number[], value: number): number {
  const last = table.length - (table.length % 2) - 2;
  if (last < 0) return value;
  if (value <= table[0]!) return table[1]!;
  if (value >= table[last]!) return table[last + 1]!;
  let at = 0;
  while (table[at + 2]! <= value) at += 2;
  const share = (value - table[at]!) / (table[at + 2]! - table[at]!);
  return table[at + 1]! + share * (table[at + 3]! - table[at + 1]!);
}
