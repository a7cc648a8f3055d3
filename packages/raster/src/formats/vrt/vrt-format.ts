import { TiepointError } from '@tiepoint/geometry';
import type { ByteSource } from '../../source/byte-source.js';
import { placeByRpc } from '../../georeference/place-by-rpc.js';
import { rpcFromItems } from '../../georeference/rpc-text.js';
import { withoutComments, withoutElements, xmlElement, xmlElements } from '../../georeference/xml-scan.js';
import { needBeside, type OpenContext, readSourceText } from '../beside.js';
import { parseAttributes, unescapeXml } from '../geotiff/read/gdal-metadata.js';
import { type Mosaic, mosaicPixels } from '../mosaic/mosaic-pixels.js';
import { createRasterPool } from '../mosaic/raster-pool.js';
import type { PixelSource } from '../pixel-source.js';
import type { RasterContent } from '../raster-content.js';
import { plainBand } from '../raster-file.js';
import { isXmlOf, type RasterFormat } from '../raster-format.js';
import { rawPixels } from '../raw/raw-pixels.js';
import { marksMissing } from '../validity.js';
import { describeVrtBand, parseVrtBand, type VrtBand } from './vrt-band.js';
import { vrtPlace } from './vrt-place.js';
import { openRawBands } from './vrt-raw-band.js';

/** GDAL's virtual raster: bands made of parts of other files. */
export const vrtFormat: RasterFormat = {
  name: 'VRT',
  about: {
    title: 'GDAL VRT',
    names: '`mosaic.vrt`; the files it names may be of any format in this table',
    reads:
      'simple and complex sources (scale, offset, exponent, LUT, nodata, mask, colour table), raw bands (as ISCE writes), mask bands, control points, RPCs; reduced sizes through the overviews of the sources',
    not: 'warped, derived and pansharpened VRTs, averaged and filtered sources: `gdal_translate in.vrt out.tif`. Where a source is stretched other than by the nearest sample a warning says so. A VRT on a web server may name files of that server only',
  },
  sniff: (head) => isXmlOf(head, /VRTDataset\b/),
  open: openVrt,
};

const mostBands = 65_536;
/** The smallest side of reduced images, px. */
const smallestSide = 256;

async function openVrt(source: ByteSource, context: OpenContext): Promise<RasterContent> {
  const text = withoutComments(await readSourceText(source, context.signal));
  await source.close();
  const root = xmlElement(text, 'VRTDataset');
  if (root === null) throw corrupt(source.name, 'it ends early', null);
  const attributes = parseAttributes(root.attributes);
  checkKind(source.name, attributes);
  const [width, height] = [Number(attributes.get('rasterXSize')), Number(attributes.get('rasterYSize'))];
  if (![width, height].every((side) => Number.isInteger(side) && side >= 1 && side < 2 ** 31)) {
    throw corrupt(source.name, `an image of ${width}×${height} pixels`, [width, height]);
  }
  const beside = needBeside(context, source.name, 'a VRT');
  // The mask band is an element of bands in itself.
  const maskElement = xmlElement(root.body, 'MaskBand');
  const body = withoutElements(root.body, 'MaskBand');
  const bands = [...xmlElements(body, 'VRTRasterBand')].map((element, i) => parseVrtBand(element, i, source.name));
  if (bands.length === 0 || bands.length > mostBands) throw corrupt(source.name, `${bands.length} bands`, bands.length);
  const maskBand = maskElement && xmlElement(maskElement.body, 'VRTRasterBand');
  const mask = maskBand && parseVrtBand(maskBand, 0, source.name);
  const shape = { name: source.name, width, height };
  const pool = createRasterPool((name) => beside.raster(name));
  const raw = bands.some(({ raw: place }) => place !== null)
    ? await openRawBands(bands, width, beside, source.name)
    : null;
  const close = async (): Promise<void> => {
    await pool.close();
    await raw?.close();
  };
  try {
    const pixels = raw
      ? rawPixels(source.name, { width, height }, raw.bands)
      : withAlpha(mosaicPixels(await mosaicOf(shape, bands, mask, pool), pool), mask !== null);
    const infos = pixels.bands;
    const hasAlpha = mask === null && infos.some(({ colorInterpretation }) => colorInterpretation === 'alpha');
    const metadata = metadataOf(body);
    const rpc = rpcFromItems(new Map(Object.entries(metadata['RPC'] ?? {})));
    const missing = infos.some(({ nodata, dataType }) => marksMissing(nodata, dataType));
    return {
      format: 'VRT',
      pixels,
      decodesWhole: false,
      location: source.location,
      georeference: (await vrtPlace(body)) ?? (rpc && (await placeByRpc(rpc, { width, height }))),
      maskKind: mask ? 'mask' : hasAlpha ? 'alpha' : missing ? 'nodata' : 'none',
      metadata,
      compression: raw
        ? 'none'
        : `of ${new Set(bands.flatMap(({ sources }) => sources.map(({ file }) => file))).size} files`,
      warnings: warningsOf(bands),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws {TiepointError} `unsupported-format` */
function checkKind(name: string, attributes: ReadonlyMap<string, string>): void {
  const kind = attributes.get('subClass');
  if (kind === undefined || kind === 'VRTDataset') return;
  throw new TiepointError('unsupported-format', `${name}: VRTs of kind ${kind} are not read`, {
    hint: 'Convert it first: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES in.vrt out.tif',
    value: kind,
  });
}

async function mosaicOf(
  shape: Pick<Mosaic, 'name' | 'width' | 'height'>,
  bands: readonly VrtBand[],
  mask: VrtBand | null,
  pool: ReturnType<typeof createRasterPool>,
): Promise<Mosaic> {
  const first = bands[0]!.sources[0];
  // The first source tells whether reduced sizes can be had from overviews, and brings its colours; a mosaic's are alike.
  const model = first ? await pool.use(first.file, async (pixels) => pixels) : null;
  const halvings =
    model && model.levels.length > 1 && first!.from?.width === first!.to.width
      ? Math.max(0, Math.floor(Math.log2(Math.max(shape.width, shape.height) / smallestSide)))
      : 0;
  const described = bands.map((band, i) => ({
    info: describeVrtBand(band, i),
    sources: band.sources.map((source) => (source.component === null ? source : withColour(source, model))),
  }));
  const info = { ...plainBand, index: 1, dataType: 'uint8' as const };
  return { ...shape, bands: described, mask: mask && { info, sources: mask.sources }, halvings };
}

/** A part of the colour of each index in place of the index. */
function withColour(source: VrtBand['sources'][number], model: PixelSource | null): VrtBand['sources'][number] {
  const table = model?.bands[source.band]?.colorTable;
  if (!table) return source;
  return { ...source, convert: (value) => table[value]?.[(source.component ?? 1) - 1] ?? 0 };
}

/** The alpha band says what is valid, unless a mask does. */
function withAlpha(pixels: PixelSource, masked: boolean): PixelSource {
  const alpha = pixels.bands.findIndex(({ colorInterpretation }) => colorInterpretation === 'alpha');
  if (masked || alpha < 0) return pixels;
  return {
    ...pixels,
    read: async (level, wanted, window, signal) => {
      const { data } = await pixels.read(level, [...wanted, alpha], window, signal);
      return {
        data: data.slice(0, wanted.length),
        mask: Uint8Array.from(data[wanted.length]!, (value) => (value === 0 ? 0 : 1)),
      };
    },
  };
}

function metadataOf(body: string): Record<string, Record<string, string>> {
  const outside = withoutElements(body, 'VRTRasterBand');
  const domains: Record<string, Record<string, string>> = {};
  for (const { attributes, body: items } of xmlElements(outside, 'Metadata')) {
    const domain = parseAttributes(attributes).get('domain') ?? '';
    for (const item of xmlElements(items, 'MDI')) {
      const key = parseAttributes(item.attributes).get('key');
      if (key) (domains[domain] ??= {})[key] = unescapeXml(item.body);
    }
  }
  return domains;
}

function warningsOf(bands: readonly VrtBand[]): string[] {
  const stretched = bands
    .flatMap(({ sources }) => sources)
    .find(({ resampling, from, to }) => {
      const plain = /^(nearest|near)?$/i.test(resampling);
      return !plain && from !== null && (from.width !== to.width || from.height !== to.height);
    });
  return stretched
    ? [`${stretched.file}: is stretched by the nearest sample, where the VRT asks for ${stretched.resampling}`]
    : [];
}

function corrupt(name: string, what: string, value: unknown): TiepointError {
  return new TiepointError('file-corrupt', `${name}: ${what}`, {
    hint: 'The VRT is incomplete or damaged; gdalbuildvrt makes a new one.',
    value,
  });
}
