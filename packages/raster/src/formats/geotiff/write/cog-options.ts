import type { OverviewResampling } from './overview-reducer.js';
import type { GeoTiffOptions } from './write-options.js';

/** What a Cloud Optimized GeoTIFF is to be. */
export interface CogOptions extends GeoTiffOptions {
  /** Default `average`. */
  readonly overviewResampling?: OverviewResampling | undefined;
  /** False writes none. Default: halved until one fits a tile. */
  readonly overviews?: boolean | undefined;
}

/** One resolution while it is written. */
export interface CogLevel {
  readonly width: number;
  readonly height: number;
  readonly tilesAcross: number;
  readonly tilesDown: number;
  /** For each tile (row-major, planes one after the other), where it waits in the spool. */
  readonly image: { offsets: number[]; sizes: number[] };
  readonly mask: { offsets: number[]; sizes: number[] };
}
