import type { DataType, SampleArray } from '../../data-type.js';
import type { Georeference } from '../../../georeference/georeference.js';
import type { WriteCompression } from './tile-encoder.js';

/** What a written GeoTIFF is to be. */
export interface GeoTiffOptions {
  readonly width: number;
  readonly height: number;
  readonly bandCount: number;
  /** Any type but the complex ones. */
  readonly dataType: DataType;
  readonly georeference?: Georeference | null;
  /** Marks missing samples. Without it, a mask given with the rows makes a mask band. */
  readonly nodata?: number | null;
  /** True writes a mask band (one bit a pixel). Default false. */
  readonly mask?: boolean;
  /** Default `deflate`. */
  readonly compression?: WriteCompression;
  /** Deflate 1–9 (default 6), ZSTD 1–22 (default 9). */
  readonly level?: number;
  /** Differences neighbours before compression: 2 for integers, 3 for floats. Default true where compression is used. */
  readonly predictor?: boolean;
  /** Side of a tile, a multiple of 16. Default 512 for `cog`, 256 otherwise. */
  readonly tileSize?: number;
  /** Bands of a pixel side by side, or each band in tiles of its own. Default `pixel`, `band` for more than 4 bands. */
  readonly interleave?: 'pixel' | 'band';
  /** Offsets of 64 bits. Default: where the uncompressed size calls for them. */
  readonly bigTiff?: boolean;
  /** The first three bands are red, green, blue. Default: 3 or 4 bands of uint8. */
  readonly rgb?: boolean;
  /** The last band is alpha. Default false. */
  readonly alpha?: boolean;
  readonly bandDescriptions?: readonly (string | null)[];
  readonly scales?: readonly number[];
  readonly offsets?: readonly number[];
  /** Metadata items by domain; the default domain is the empty string. */
  readonly metadata?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Replaces an existing file. Default false. */
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
}

/** Rows of an image, top to bottom: one array a band, `width * rows` samples. */
export interface RowBlock {
  readonly rows: number;
  readonly data: readonly SampleArray[];
  /** 1 = valid. Written as the mask band, or as nodata where there is a nodata value. */
  readonly mask?: Uint8Array | undefined;
}
