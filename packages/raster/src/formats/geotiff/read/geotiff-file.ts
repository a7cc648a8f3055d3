import type { ByteSource } from '../../../source/byte-source.js';
import type { OpenContext } from '../../beside.js';
import { compressionName } from './decoder.js';
import { type GdalMetadata, parseGdalMetadata, parseNodata } from './gdal-metadata.js';
import { georeferenceOf, readTiffPlacement } from '../../../georeference/geotiff-georeference.js';
import type { Georeference } from '../../../georeference/georeference.js';
import { placeByRpc } from '../../../georeference/place-by-rpc.js';
import { rpcFromTag } from '../../../georeference/rpc-text.js';
import { marksMissing } from '../../validity.js';
import type { NativePixels, PixelSource } from '../../pixel-source.js';
import type { RasterContent } from '../../raster-content.js';
import type { BandInfo, ColorInterpretation, ColorTable, PixelWindow } from '../../raster-file.js';
import type { RasterFormat } from '../../raster-format.js';
import { canReadParts, readTiffParts } from './read-tiff-parts.js';
import { readTiffWindow } from './read-tiff-window.js';
import { isTiff, readNumbers, readText, readTiff, type Tiff } from './tiff-directory.js';
import { readTiffImage, type TiffImage } from './tiff-image.js';
import { textTags } from '../tiff-items.js';
import { Tag } from '../tiff-tags.js';

const reducedFlag = 1;
const maskFlag = 4;

/** A resolution of the file: its pixels, and its mask where it has one. */
interface Level {
  readonly image: TiffImage;
  readonly mask: TiffImage | null;
}

/** GeoTIFF, COG and any other TIFF. */
export const geoTiffFormat: RasterFormat = {
  name: 'GTiff',
  about: {
    title: 'GeoTIFF, TIFF',
    names: '`.tif`, any TIFF',
    reads:
      'classic and BigTIFF, either byte order; strips and tiles; bands side by side or apart; sparse blocks; unsigned 1–32 and 64 bits, signed 8, 16, 32, 64 bits, floats of 16, 24, 32, 64 bits, complex integers and floats (as magnitude); 64-bit integers are exact up to 2⁵³; no compression, deflate, LZW (old and new), PackBits, ZSTD, LERC (also inside deflate or ZSTD), JPEG of 8 bits, WebP; predictors 2 and 3; others can be added with `registerDecoder`. Mask bands (of overviews too), alpha, nodata, NaN. Colours as the metadata of GDAL has them; white is zero as a palette. Geokeys (EPSG codes, and the common user-defined projections), PixelIsPoint, rotated ModelTransformation, control points, RPCs',
    not: 'JPEG of 12 bits, CCITT, JBIG, JPEG XL: `gdal_translate -co COMPRESS=DEFLATE in.tif out.tif`. Of further pages a warning says how many were left out. A palette is read as its indices, and warped by the nearest sample with its colours: `gdal_translate -expand rgb` makes colours of them',
  },
  sniff: isTiff,
  open: openGeoTiff,
};

/**
 * Opens a GeoTIFF or any other TIFF: directory 1, its overviews and masks.
 * @throws {TiepointError} `file-truncated`, `file-corrupt`, `unsupported-format`.
 */
async function openGeoTiff(source: ByteSource, { signal }: OpenContext): Promise<RasterContent> {
  const tiff = await readTiff(source, signal);
  const warnings: string[] = [];
  const levels = await readLevels(tiff, warnings, signal);
  const { image } = levels[0]!;
  const stored = storedColours[image.photometric];
  if (stored) warnings.push(`the bands are ${stored}, read as they are stored: choose one with --band`);
  const placement = await readTiffPlacement(tiff, image.directory, signal);
  if (placement.isScaleNegative) {
    warnings.push('the pixel scale of y is negative: rows are taken to run south all the same, as in GDAL');
  }
  const xml = await readText(tiff, image.directory, Tag.gdalMetadata, signal);
  const metadata = parseGdalMetadata(xml ?? '');
  const nodata = parseNodata(await readText(tiff, image.directory, Tag.gdalNodata, signal));
  const bands = describeBands(image, metadata, nodata);
  const alpha = bands.findIndex((b) => b.colorInterpretation === 'alpha');
  const hasMask = levels[0]!.mask !== null;
  const pixels = tiffPixels(source.name, levels, bands, hasMask ? -1 : alpha);
  const photographic = image.photometric === 6 ? ' (YCbCr)' : '';
  const domains = { ...metadata.domains };
  const text = await readTextTags(tiff, image, signal);
  if (Object.keys(text).length > 0) domains[''] = { ...text, ...domains[''] };
  return {
    format: 'GTiff',
    pixels,
    decodesWhole: false,
    location: source.location,
    crs: placement.crs,
    georeference: georeferenceOf(placement) ?? (await placeOfRpc(tiff, image, signal)),
    maskKind: hasMask ? 'mask' : alpha >= 0 ? 'alpha' : marksMissing(nodata, image.dataType) ? 'nodata' : 'none',
    metadata: domains,
    compression: compressionName(image.compression) + photographic,
    warnings,
    close: () => source.close(),
  };
}

/** What the tags of TIFF that hold text say, by GDAL's names. */
async function readTextTags(
  tiff: Tiff,
  image: TiffImage,
  signal: AbortSignal | undefined,
): Promise<Record<string, string>> {
  const items: Record<string, string> = {};
  for (const [name, tag] of Object.entries(textTags)) {
    const value = await readText(tiff, image.directory, tag, signal);
    if (value) items[name] = value;
  }
  return items;
}

/** Where RPCs of the image's tag put it; null where there are none. */
async function placeOfRpc(tiff: Tiff, image: TiffImage, signal: AbortSignal | undefined): Promise<Georeference | null> {
  const part = { from: 0, count: 92 };
  const numbers = await readNumbers(tiff, image.directory, Tag.rpcCoefficients, part, signal);
  const rpc = numbers && rpcFromTag(numbers);
  return rpc && placeByRpc(rpc, image);
}

/** Sorts the directories into the image, its overviews and their masks. Further pages are left out, with a warning. */
async function readLevels(tiff: Tiff, warnings: string[], signal: AbortSignal | undefined): Promise<Level[]> {
  const first = await readTiffImage(tiff, tiff.directories[0]!, signal);
  const overviews: TiffImage[] = [];
  const masks: TiffImage[] = [];
  let pages = 0;
  for (const directory of tiff.directories.slice(1)) {
    // A damaged overview must not keep the image itself from being read.
    const image = await readTiffImage(tiff, directory, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      warnings.push(
        `a further image in the file is left out: ${error instanceof Error ? error.message : String(error)}`,
      );
      return null;
    });
    if (!image) continue;
    if (image.subfileType & maskFlag) masks.push(image);
    else if (image.subfileType & reducedFlag) {
      const alike = image.samplesPerPixel === first.samplesPerPixel && image.dataType === first.dataType;
      const smaller = image.width <= first.width && image.height <= first.height;
      if (alike && smaller) overviews.push(image);
    } else pages++;
  }
  if (pages > 0) warnings.push(`the file has ${pages} further images (subdatasets), which are not read`);
  overviews.sort((a, b) => b.width - a.width);
  return [first, ...overviews].map((image) => ({
    image,
    mask: masks.find((m) => m.width === image.width && m.height === image.height && m.samplesPerPixel === 1) ?? null,
  }));
}

function tiffPixels(name: string, levels: readonly Level[], bands: readonly BandInfo[], alpha: number): PixelSource {
  const read = async (
    level: number,
    wanted: readonly number[],
    window: PixelWindow,
    signal: AbortSignal | undefined,
  ): Promise<NativePixels> => {
    const { image, mask } = levels[level]!;
    const withAlpha = alpha >= 0 ? [...wanted, alpha] : wanted;
    const nodata = bands[wanted[0] ?? 0]!.nodata ?? 0;
    const data = await readTiffWindow(image, withAlpha, window, Number.isFinite(nodata) ? nodata : 0, signal);
    if (alpha >= 0) return { data: data.slice(0, wanted.length), mask: nonZero(data[wanted.length]!) };
    if (!mask) return { data, mask: null };
    const [samples] = await readTiffWindow(mask, [0], window, 0, signal);
    return { data, mask: nonZero(samples!) };
  };
  const readParts = async (
    level: number,
    wanted: readonly number[],
    window: PixelWindow,
    signal: AbortSignal | undefined,
  ): Promise<NativePixels> => {
    const { image, mask } = levels[level]!;
    const data = await readTiffParts(image, wanted, window, signal);
    const samples = mask && (await readTiffWindow(mask, [0], window, 0, signal));
    return { data, mask: samples && nonZero(samples[0]!) };
  };
  const hasParts = alpha < 0 && levels.every(({ image }) => canReadParts(image));
  return {
    name,
    bands,
    ...(hasParts ? { readParts } : {}),
    levels: levels.map(({ image }) => ({ width: image.width, height: image.height, blockHeight: image.blockHeight })),
    read,
  };
}

function nonZero(samples: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(samples.length);
  for (let i = 0; i < out.length; i++) out[i] = samples[i] === 0 ? 0 : 1;
  return out;
}

/** The colours of a grey image whose zeros are white, as GDAL gives it; null of others. */
function whiteIsZero({ photometric, samplesPerPixel, bitsPerSample }: TiffImage): ColorTable | null {
  if (photometric !== 0 || samplesPerPixel !== 1 || bitsPerSample > 8) return null;
  const last = 2 ** bitsPerSample - 1;
  return Array.from({ length: last + 1 }, (_, value) => {
    const grey = Math.floor(((last - value) * 255) / last);
    return [grey, grey, grey, 255] as const;
  });
}

/** Colours that are read as they are stored, and are no red, green and blue. */
const storedColours: Readonly<Record<number, string>> = {
  5: 'inks (CMYK)',
  8: 'CIE L*a*b*',
  9: 'ICC L*a*b*',
  10: 'ITU L*a*b*',
};

function describeBands(image: TiffImage, metadata: GdalMetadata, nodata: number | null): BandInfo[] {
  const count = image.samplesPerPixel;
  const colour = image.photometric === 2 || image.photometric === 6;
  const firstExtra = count - image.extraSamples.length;
  return Array.from({ length: count }, (_, i): BandInfo => {
    const own = metadata.bands.get(i);
    const extra = image.extraSamples[i - firstExtra];
    let colorInterpretation: ColorInterpretation = 'undefined';
    // GDAL's metadata says what a band is better than ExtraSamples, which older writers set to alpha for any fourth band.
    const said = own?.color;
    const isAlpha = said === undefined ? extra === 1 || extra === 2 : said === 'alpha';
    if (i >= firstExtra && isAlpha) colorInterpretation = 'alpha';
    else if (said !== undefined) colorInterpretation = said;
    else if (colour && i < 3) colorInterpretation = (['red', 'green', 'blue'] as const)[i]!;
    else if (image.photometric === 3 && i === 0) colorInterpretation = 'palette';
    else if (i === 0) colorInterpretation = 'gray';
    return {
      index: i + 1,
      name: own?.description ?? null,
      dataType: image.dataType,
      nodata,
      colorInterpretation,
      scale: own?.scale ?? 1,
      offset: own?.offset ?? 0,
      unit: own?.unit ?? null,
      metadata: own?.items ?? {},
      colorTable: colorInterpretation === 'palette' ? image.colorTable : whiteIsZero(image),
    };
  });
}
