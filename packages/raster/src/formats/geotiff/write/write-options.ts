import type { DataType, SampleArray } from '../../data-type.js';
import type { ColorTable } from '../../raster-file.js';
import type { Georeference } from '../../../georeference/georeference.js';
import type { WriteCompression } from './tile-encoder.js';

/** What a written GeoTIFF is to be. */
export interface GeoTiffOptions {
  readonly width: number;
  readonly height: number;
  readonly bandCount: number;
  /** Any type but the complex ones. */
  readonly dataType: DataType;
  /** Every two bands are the real and the imaginary part of a complex band of that type, and are written as that. Default false. */
  readonly complex?: boolean | undefined;
  readonly georeference?: Georeference | null | undefined;
  /** Marks missing samples. Without it, a mask given with the rows makes a mask band. */
  readonly nodata?: number | null | undefined;
  /** True writes a mask band (one bit a pixel). Default false. */
  readonly mask?: boolean | undefined;
  /** Default `deflate`. JPEG and WebP are for 8 bits, without a nodata value; three bands as red, green and blue together, others one by one. */
  readonly compression?: WriteCompression | undefined;
  /** Deflate 1–9 (default 6), ZSTD 1–22 (default 9); the quality of JPEG and WebP, 1–100 (default 75), 100 of WebP is lossless. */
  readonly level?: number | undefined;
  /** Differences neighbours before compression: 2 for integers, 3 for floats. Default true where compression is used. */
  readonly predictor?: boolean | undefined;
  /** Side of a tile, a multiple of 16. Default 512 for `cog`, 256 otherwise. */
  readonly tileSize?: number | undefined;
  /** Bands of a pixel side by side, or each band in tiles of its own. Default `pixel`, `band` for more than 4 bands. */
  readonly interleave?: 'pixel' | 'band' | undefined;
  /** Offsets of 64 bits. Default: where the uncompressed size calls for them. */
  readonly bigTiff?: boolean | undefined;
  /** The first three bands are red, green, blue. Default: 3 or 4 bands of uint8. */
  readonly rgb?: boolean | undefined;
  /** The last band is alpha. Default false. */
  readonly alpha?: boolean | undefined;
  readonly bandDescriptions?: readonly (string | null)[] | undefined;
  readonly scales?: readonly number[] | undefined;
  readonly offsets?: readonly number[] | undefined;
  readonly units?: readonly (string | null)[] | undefined;
  /** Further metadata items of each band. */
  readonly bandMetadata?: readonly Readonly<Record<string, string>>[] | undefined;
  /** Colours of the values of one band of uint8 or uint16. */
  readonly colorTable?: ColorTable | null | undefined;
  /** Metadata items by domain; the default domain is the empty string. */
  readonly metadata?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  /** Replaces an existing file. Default false. */
  readonly overwrite?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rows of an image, top to bottom: one array a band, `width * rows` samples. */
export interface RowBlock {
  readonly rows: number;
  readonly data: readonly SampleArray[];
  /** 1 = valid. Written as the mask band, or as nodata where there is a nodata value. */
  readonly mask?: Uint8Array | undefined;
}
