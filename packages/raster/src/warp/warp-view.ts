import type { Georeference } from '../georeference/georeference.js';
import type { PixelWindow, RasterFile } from '../formats/raster-file.js';
import { chooseOverview } from './warp-level.js';
import { buildMapping } from './warp-mapping.js';
import { planGrid, type WarpTarget } from './warp-plan.js';
import { measureWiden } from './warp-scale.js';
import { type WarpedWindow, type WarpResampling, warpWindow, type WindowPlan } from './warp-window.js';

/** How a view is warped. */
export interface WarpViewOptions {
  /** From 1; default the first. */
  readonly bands?: readonly number[] | undefined;
  /** Default `bilinear`. */
  readonly resampling?: WarpResampling | undefined;
}

/** An image as it lies on a grid, to be looked at: nothing is warped before a window is asked for. */
export interface WarpView {
  /** Size of the grid, px. */
  readonly width: number;
  readonly height: number;
  readonly georeference: Georeference | null;
  /**
   * Warps a window, as float32.
   *
   * @param window - px of the reduced grid; it may reach beyond the image
   * @param reduction - px of the grid per px of the window: 1 is full resolution, 8 an eighth of it
   * @throws TiepointError as `RasterFile.readWindow`
   */
  read(window: PixelWindow, reduction: number, signal?: AbortSignal): Promise<WarpedWindow>;
}

/** Error of the approximate mapping that an eye does not see, px of what is read. */
const tolerance = 0.125;

/** What is the same for all windows of one reduction. */
interface Level {
  readonly mapping: Awaited<ReturnType<typeof buildMapping>>;
  readonly plan: WindowPlan;
}

/**
 * Opens a view of an image on a grid: through a solution on the reference's, or by its own georeference on any other. Reduced windows
 * are read from the overview that fits.
 *
 * @param source - stays open as long as the view is used
 * @throws TiepointError as `planGrid`
 */
export async function openWarpView(
  source: RasterFile,
  target: WarpTarget,
  { bands = [1], resampling = 'bilinear' }: WarpViewOptions = {},
): Promise<WarpView> {
  const { width, height, georeference, steps } = await planGrid(source, target);
  const levels = new Map<number, Promise<Level>>();
  const build = async (reduction: number): Promise<Level> => {
    const coefficients = [0, reduction, 0, 0, 0, reduction] as const;
    const mapping = await buildMapping([{ kind: 'affine', coefficients }, ...steps]);
    const [columns, rows] = [Math.ceil(width / reduction), Math.ceil(height / reduction)];
    const widen = measureWiden(mapping.map, columns, rows, source, false);
    const level = chooseOverview(source, resampling, widen);
    const usual = {
      dataType: 'float32',
      parts: false,
      fill: 0,
      nodata: null,
      sourceNodata: null,
      likeGdal: false,
    } as const;
    const plan = { ...usual, resampling, bands, widen };
    return { mapping, plan: { ...plan, level, tolerance } };
  };
  return {
    width,
    height,
    georeference,
    async read(window, reduction, signal) {
      let level = levels.get(reduction);
      if (level === undefined) {
        level = build(reduction);
        levels.set(reduction, level);
      }
      const { mapping, plan } = await level;
      return warpWindow(source, mapping, plan, window, signal);
    },
  };
}
