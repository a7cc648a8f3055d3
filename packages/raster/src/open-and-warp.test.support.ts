import { openRaster } from './formats/open-raster.js';
import { warp } from './warp/warp.js';
import type { WarpOptions, WarpResult } from './warp/warp-into.js';
import { type WarpedVrtOptions, writeWarpedVrt } from './warp/warped-vrt.js';

/** Opens a file for a test and warps it. */
export async function warpFile(path: string, output: string, options?: WarpOptions): Promise<WarpResult> {
  await using source = await openRaster(path);
  return await warp(source, output, options);
}

/** The same into a VRT. */
export async function warpFileToVrt(path: string, output: string, options: WarpedVrtOptions): Promise<void> {
  await using source = await openRaster(path);
  await writeWarpedVrt(source, output, options);
}
