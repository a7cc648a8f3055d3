import { TiepointError } from '@tiepoint/geometry';
import type { Georeference } from '../../georeference/georeference.js';
import type { Beside, OpenContext } from '../beside.js';
import { bandNumber } from '../band-name.js';
import { mosaicPixels } from '../mosaic/mosaic-pixels.js';
import { createRasterPool } from '../mosaic/raster-pool.js';
import type { PixelSource } from '../pixel-source.js';
import type { RasterContent } from '../raster-content.js';
import type { BandInfo } from '../raster-file.js';
import { marksMissing } from '../validity.js';

/** A band of a product: a file of its own, or a band of one. */
export interface ProductBand {
  readonly name: string;
  /** Its path from the file that describes the product. */
  readonly file: string;
  /** From 0. */
  readonly band: number;
  /** What the product says of it beyond what its file does. */
  readonly info: Partial<Omit<BandInfo, 'index' | 'name' | 'dataType'>>;
  /** Whether it is among the bands of the product as a whole; others are opened by their names. */
  readonly usual: boolean;
  /** What makes the band's pixels of those of its file; absent where they stand there. */
  readonly made?: ((pixels: PixelSource) => Promise<PixelSource>) | undefined;
}

/** A product as its description has it. */
export interface Product {
  /** GDAL's short driver name. */
  readonly format: string;
  readonly name: string;
  /** Where it can be opened again; null of what has no place. */
  readonly location: string | null;
  readonly bands: readonly ProductBand[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where a band lies, where the product says it better than the band's file. */
  readonly place?: ((band: ProductBand) => Promise<Georeference | null>) | undefined;
}

/** Opens the band that is meant, on its own grid, or else all usual bands on the grid of the finest of them. */
export async function openProduct(product: Product, beside: Beside, context: OpenContext): Promise<RasterContent> {
  const { name, bands } = product;
  if (bands.length === 0) {
    throw new TiepointError('file-corrupt', `${name}: the product names no band`, {
      hint: 'Fetch it again; its description is damaged, or of a kind that is not known.',
      value: name,
    });
  }
  if (context.band !== undefined) {
    const named = bands.map((band, i) => ({ name: band.name, index: i + 1 }));
    const wanted = bands[bandNumber({ name, bands: named }, context.band) - 1]!;
    return openBand(product, wanted, beside);
  }
  return openAll(product, beside);
}

async function openBand(product: Product, band: ProductBand, beside: Beside): Promise<RasterContent> {
  const content = await beside.raster(band.file);
  const { pixels } = content;
  const info = pixels.bands[band.band];
  if (info === undefined) {
    await content.close();
    throw missingBand(product, band);
  }
  const single: PixelSource = {
    ...pixels,
    name: `${product.name}#${band.name}`,
    bands: [describe(band, info, 1)],
    read: (level, _bands, window, signal) => pixels.read(level, [band.band], window, signal),
    readParts:
      pixels.readParts && ((level, _bands, window, signal) => pixels.readParts!(level, [band.band], window, signal)),
  };
  const one = band.made ? await ownedBy(content, band.made(single)) : single;
  return {
    ...content,
    format: product.format,
    pixels: one,
    location: locationOf(product, band.name),
    georeference: (await product.place?.(band)) ?? content.georeference,
    maskKind: maskKindOf(content.maskKind, one.bands),
    metadata: { ...content.metadata, '': { ...content.metadata[''], ...product.metadata } },
  };
}

/** Closes the content where making something of it fails. */
async function ownedBy<T>(content: RasterContent, making: Promise<T>): Promise<T> {
  return making.catch(async (error: unknown) => {
    await content.close();
    throw error;
  });
}

async function openAll(product: Product, beside: Beside): Promise<RasterContent> {
  const pool = createRasterPool((file) => beside.raster(file));
  try {
    const warnings: string[] = [];
    const found: { readonly band: ProductBand; readonly pixels: PixelSource; readonly place: Georeference | null }[] =
      [];
    for (const band of product.bands.filter(({ usual }) => usual)) {
      const content = await beside.raster(band.file).catch((error: unknown) => {
        if (!(error instanceof TiepointError) || error.code !== 'file-not-found') throw error;
        warnings.push(`band ${band.name} is not there: ${band.file} is missing`);
        return null;
      });
      if (content === null) continue;
      await content.close();
      if (content.pixels.bands[band.band] === undefined) throw missingBand(product, band);
      found.push({ band, pixels: content.pixels, place: content.georeference });
    }
    const [first] = found;
    if (first === undefined) throw missingBand(product, product.bands[0]!);
    const grid = found.reduce((a, b) => (b.pixels.levels[0]!.width > a.pixels.levels[0]!.width ? b : a), first);
    const { width, height } = grid.pixels.levels[0]!;
    const bands = found.map(({ band, pixels }, i) => ({
      info: describe(band, pixels.bands[band.band]!, i + 1),
      sources: [
        {
          file: band.file,
          band: band.band,
          ofMask: false,
          from: null,
          to: { x: 0, y: 0, width, height },
          nodata: null,
          masked: false,
          convert: null,
        },
      ],
    }));
    const others = product.bands.filter(({ usual }) => !usual).map(({ name }) => name);
    if (others.length > 0) warnings.push(`further bands are opened by their names (--band): ${others.join(', ')}`);
    const halvings = grid.pixels.levels.length > 1 ? Math.floor(Math.log2(Math.max(width, height) / smallestSide)) : 0;
    const mosaic = { name: product.name, width, height, bands, mask: null, halvings: Math.max(0, halvings) };
    return {
      format: product.format,
      pixels: mosaicPixels(mosaic, pool),
      decodesWhole: false,
      location: locationOf(product, null),
      georeference: (await product.place?.(grid.band)) ?? grid.place,
      maskKind: maskKindOf(
        'none',
        bands.map(({ info }) => info),
      ),
      metadata: { '': product.metadata },
      compression: `of ${found.length} files`,
      warnings,
      close: () => pool.close(),
    };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** The smallest side of reduced images, px. */
const smallestSide = 256;

function describe({ name, info }: ProductBand, own: BandInfo, index: number): BandInfo {
  return { ...own, ...info, name, index };
}

function maskKindOf(kind: RasterContent['maskKind'], bands: readonly BandInfo[]): RasterContent['maskKind'] {
  return kind === 'none' && bands.some((band) => marksMissing(band.nodata, band.dataType)) ? 'nodata' : kind;
}

function locationOf({ location }: Product, band: string | null): string | null {
  if (location === null || band === null) return location;
  return `${location}#${band}`;
}

function missingBand({ name }: Product, band: ProductBand): TiepointError {
  return new TiepointError('file-not-found', `${name}: ${band.file} of band ${band.name} is missing`, {
    hint: 'The product is incomplete: fetch it again, or name the file of a band.',
    value: band.file,
  });
}
