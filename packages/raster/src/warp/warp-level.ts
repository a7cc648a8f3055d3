import type { RasterFile } from '../formats/raster-file.js';
import type { WarpResampling } from './warp-window.js';

/** The overview just fine enough for the target, as GDAL's `-ovr AUTO`; the full image for the nearest sample. */
export function chooseOverview(
  source: RasterFile,
  resampling: WarpResampling,
  widen: readonly [number, number],
): number {
  if (resampling === 'nearest' || resampling === 'mode') return 0;
  const reduction = Math.min(...widen);
  let chosen = 0;
  for (const [i, overview] of source.overviews.entries()) {
    if (source.width / overview.width <= reduction * 1.01) chosen = i + 1;
  }
  return chosen;
}
