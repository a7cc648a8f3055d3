import type { ByteSource } from '../source/byte-source.js';
import type { RasterContent } from './raster-content.js';

/** A format that images are read from; `rasterFormats` lists all. */
export interface RasterFormat {
  /** GDAL's short driver name. */
  readonly name: string;
  /** Whether a file with these first 64 bytes is of it. */
  readonly sniff: (head: Uint8Array) => boolean;
  /** Opens the source, which is the content's from then on. @throws {TiepointError} `file-truncated`, `file-corrupt`, `unsupported-format`, `image-too-large`. */
  readonly open: (source: ByteSource, signal?: AbortSignal) => Promise<RasterContent>;
}
