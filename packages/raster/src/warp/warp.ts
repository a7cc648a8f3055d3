import { createCog } from '../formats/geotiff/write/create-cog.js';
import { createGeoTiff } from '../formats/geotiff/write/create-geotiff.js';
import type { RasterFile } from '../formats/raster-file.js';
import { warpInto, type WarpLayer, type WarpOptions, type WarpResult } from './warp-into.js';
import { windowWarper } from './window-warper.js';

/**
 * Warps an image file onto a grid: through a solution onto the reference's grid, into another CRS or resolution, or onto
 * a given grid. All bands keep their data type; validity is kept as nodata or as a mask band. Pieces are warped by worker
 * threads, and memory is bounded by a few rows of tiles.
 * @param source stays open; threads open it again where it has a path or URL, else this thread does the work.
 * @throws {TiepointError} `no-overlap` where nothing of the image lies on the grid, and as reading, `planGrid` and `createCog` do.
 */
export function warp(source: RasterFile, output: string, options: WarpOptions = {}): Promise<WarpResult> {
  const { sensedToReference, bands } = options;
  return warpStack([{ source, sensedToReference, bands }], output, options);
}

/**
 * Warps bands of several sources, or of one by several solutions, into one file: each layer's bands follow those of the layer
 * before. All must have one data type; what is known of the whole is that of the first.
 *
 * @param layers stay open
 * @throws {TiepointError} as `warp`, and `sensed-mismatch` where types differ.
 */
export function warpStack(
  layers: readonly WarpLayer[],
  output: string,
  options: Omit<WarpOptions, 'sensedToReference' | 'bands'>,
): Promise<WarpResult> {
  const { threads, signal } = options;
  return warpInto(
    layers,
    {
      open: ({ overviews, overviewResampling, ...writing }) =>
        (options.format ?? 'COG') === 'COG'
          ? createCog(output, { ...writing, overviews, overviewResampling })
          : createGeoTiff(output, writing),
      warper: (planned, samples) => windowWarper(planned, { threads, signal, samples }),
    },
    options,
  );
}
