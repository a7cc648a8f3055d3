import { TiepointError } from '@tiepoint/geometry';
import { bytesPerSample, isIntegerType } from '../../data-type.js';
import { formatGdalMetadata, type GdalMetadata } from './gdal-metadata.js';
import type { ColorTable } from '../../raster-file.js';
import { encodeGeoKeys, geoKeysForEpsg } from '../../../georeference/geokeys.js';
import { type GeoKeys } from '../../../georeference/geokey.js';
import type { Georeference } from '../../../georeference/georeference.js';
import { ascii, doubles, longs, shorts, type TiffField } from '../tiff-fields.js';
import { splitTextTags } from '../tiff-items.js';
import { Tag } from '../tiff-tags.js';
import { compressionTag, isImageCompression, type TileEncoding } from '../write/tile-encoder.js';
import type { GeoTiffOptions } from '../write/write-options.js';

/** Fields every image directory has: size, sample layout, tiling. */
export function imageFields(
  options: GeoTiffOptions,
  size: { width: number; height: number },
  tileSize: number,
  planar: boolean,
  encoding: TileEncoding,
  reduced: boolean,
): TiffField[] {
  const { dataType, complex = false } = options;
  // Both parts of a sample stand side by side: only their description differs from that of two bands.
  const bandCount = complex ? options.bandCount / 2 : options.bandCount;
  const bits = bytesPerSample(dataType) * (complex ? 16 : 8);
  const isFloat = dataType.startsWith('float');
  const real = isFloat ? 3 : dataType.startsWith('int') ? 2 : 1;
  const format = complex ? (isFloat ? 6 : 5) : real;
  const rgb = isRgb(options);
  const extra = bandCount - (rgb ? 3 : 1);
  const isYCbCr = encoding.compression === 'jpeg' && rgb && !planar;
  const fields = [
    shortOrLong(Tag.imageWidth, size.width),
    shortOrLong(Tag.imageLength, size.height),
    shorts(Tag.bitsPerSample, ...Array.from<number>({ length: bandCount }).fill(bits)),
    shorts(Tag.compression, compressionTag(encoding.compression)),
    shorts(Tag.photometric, isYCbCr ? 6 : rgb ? 2 : hasPalette(options) ? 3 : 1),
    shorts(Tag.samplesPerPixel, bandCount),
    shorts(Tag.planarConfiguration, planar ? 2 : 1),
    shorts(Tag.tileWidth, tileSize),
    shorts(Tag.tileLength, tileSize),
    shorts(Tag.sampleFormat, ...Array.from<number>({ length: bandCount }).fill(format)),
  ];
  if (hasPalette(options)) fields.push(shorts(Tag.colorMap, ...colorMap(options.colorTable!, 2 ** bits)));
  if (isYCbCr) fields.push(shorts(Tag.yCbCrSubSampling, 2, 2));
  if (reduced) fields.push(longs(Tag.newSubfileType, 1));
  if (encoding.predictor > 1) fields.push(shorts(Tag.predictor, encoding.predictor));
  if (extra > 0) {
    const kinds = Array.from<number>({ length: extra }).fill(0);
    if (options.alpha) kinds[extra - 1] = 2;
    fields.push(shorts(Tag.extraSamples, ...kinds));
  }
  return fields;
}

/** TIFF has palettes for one band of 8 or 16 bits. */
function hasPalette({ colorTable, bandCount, dataType }: GeoTiffOptions): boolean {
  return !!colorTable && bandCount === 1 && (dataType === 'uint8' || dataType === 'uint16');
}

/** All reds, greens and blues as 16 bits; black for values without a colour. */
function colorMap(table: ColorTable, count: number): number[] {
  return [0, 1, 2].flatMap((part) => Array.from({ length: count }, (_, value) => (table[value]?.[part] ?? 0) * 257));
}

/** Fields of a mask band's directory. */
export function maskFields(
  size: { width: number; height: number },
  tileSize: number,
  compression: number,
  reduced: boolean,
): TiffField[] {
  return [
    longs(Tag.newSubfileType, reduced ? 5 : 4),
    shortOrLong(Tag.imageWidth, size.width),
    shortOrLong(Tag.imageLength, size.height),
    shorts(Tag.bitsPerSample, 1),
    shorts(Tag.compression, compression),
    shorts(Tag.photometric, 4),
    shorts(Tag.samplesPerPixel, 1),
    shorts(Tag.planarConfiguration, 1),
    shorts(Tag.tileWidth, tileSize),
    shorts(Tag.tileLength, tileSize),
    shorts(Tag.sampleFormat, 1),
  ];
}

/** Fields only the first directory has: place on the map, nodata, metadata. */
export function descriptionFields(options: GeoTiffOptions): TiffField[] {
  const fields: TiffField[] = [];
  if (options.georeference) fields.push(...georeferenceFields(options.georeference));
  if (options.nodata !== null && options.nodata !== undefined) {
    fields.push(ascii(Tag.gdalNodata, Number.isNaN(options.nodata) ? 'nan' : String(options.nodata)));
  }
  const bands: GdalMetadata['bands'] = new Map();
  for (let i = 0; i < options.bandCount; i++) {
    const description = options.bandDescriptions?.[i];
    const scale = options.scales?.[i] ?? 1;
    const offset = options.offsets?.[i] ?? 0;
    const unit = options.units?.[i];
    const items = { ...options.bandMetadata?.[i] };
    bands.set(i, {
      items,
      ...(description ? { description } : {}),
      ...(scale !== 1 || offset !== 0 ? { scale, offset } : {}),
      ...(unit ? { unit } : {}),
    });
  }
  const domains = Object.fromEntries(Object.entries(options.metadata ?? {}).map(([k, v]) => [k, { ...v }]));
  const text = splitTextTags(domains[''] ?? {});
  fields.push(...text.fields);
  if (text.fields.length > 0) domains[''] = text.rest;
  const xml = formatGdalMetadata({ domains, bands });
  if (xml) fields.push(ascii(Tag.gdalMetadata, xml));
  return fields;
}

function georeferenceFields(georeference: Georeference): TiffField[] {
  const { crs, gcps, origin } = georeference;
  const fields: TiffField[] = [];
  if (origin === 'gcps' && gcps && gcps.length > 0) {
    const values = gcps.flatMap((p) => [p.x, p.y, 0, p.mapX, p.mapY, p.mapZ]);
    fields.push(doubles(Tag.modelTiepoint, values));
  } else {
    const g = georeference.geotransform;
    // Pixel scale and tiepoint say nothing of rotation, nor of rows that run north.
    if (g[2] === 0 && g[4] === 0 && g[1] > 0 && g[5] < 0) {
      fields.push(doubles(Tag.modelPixelScale, [g[1], -g[5], 0]));
      fields.push(doubles(Tag.modelTiepoint, [0, 0, 0, g[0], g[3], 0]));
    } else {
      const matrix = [g[1], g[2], 0, g[0], g[4], g[5], 0, g[3], 0, 0, 0, 0, 0, 0, 0, 1];
      fields.push(doubles(Tag.modelTransformation, matrix));
    }
  }
  const keys = crs ? keysFor(crs) : new Map<number, number>([[1025, 1]]);
  const encoded = encodeGeoKeys(keys);
  fields.push(shorts(Tag.geoKeyDirectory, ...encoded.directory));
  if (encoded.doubles.length > 0) fields.push(doubles(Tag.geoDoubleParams, encoded.doubles));
  if (encoded.ascii !== '') fields.push(ascii(Tag.geoAsciiParams, encoded.ascii));
  return fields;
}

function keysFor(crs: NonNullable<Georeference['crs']>): GeoKeys {
  const epsg = /^EPSG:(\d+)$/.exec(crs.code ?? '')?.[1];
  if (epsg && crs.kind !== 'local') return geoKeysForEpsg(Number(epsg), crs.kind, crs.name);
  if (crs.keys) return new Map([...crs.keys, [1025, 1]]);
  return new Map<number, number | string>([
    [1024, 0],
    [1025, 1],
    [1026, crs.name],
  ]);
}

/** The predictor for a type. @throws {TiepointError} `unsupported-type` for complex samples, which are read but not written. */
export function predictorFor(options: GeoTiffOptions): 1 | 2 | 3 {
  if (options.dataType.startsWith('c')) {
    throw new TiepointError('unsupported-type', `complex samples (${options.dataType}) cannot be written`, {
      hint: 'Write their magnitude as float32.',
      value: options.dataType,
    });
  }
  // A predictor would difference complex samples as a whole, which few readers undo.
  const { compression = 'deflate' } = options;
  if (compression === 'none' || isImageCompression(compression)) return 1;
  if (options.predictor === false || options.complex) return 1;
  return isIntegerType(options.dataType) ? 2 : 3;
}

/** Whether the first three bands are red, green and blue. */
export function isRgb(options: GeoTiffOptions): boolean {
  return (
    !options.complex &&
    options.bandCount >= 3 &&
    (options.rgb ?? (options.dataType === 'uint8' && options.bandCount <= 4))
  );
}

function shortOrLong(tag: number, value: number): TiffField {
  return value < 65536 ? shorts(tag, value) : longs(tag, value);
}
