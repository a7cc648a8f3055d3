import type { PixelWindow, RasterFile } from '../formats/raster-file.js';
import { isIntegerType } from '../formats/data-type.js';
import type { buildMapping, MappingStep } from './warp-mapping.js';
import { type WarpedWindow, warpWindow, type WindowPlan } from './warp-window.js';

/** A source that gives some bands of the target, ready to be warped. */
export interface PlannedLayer {
  readonly source: RasterFile;
  /** From the target's pixels to the source's. */
  readonly steps: readonly MappingStep[];
  readonly mapping: Awaited<ReturnType<typeof buildMapping>>;
  readonly plan: WindowPlan;
}

/** Bands of several windows as those of one. */
function stacked(parts: readonly WarpedWindow[], plans: readonly WindowPlan[]): WarpedWindow {
  // NaN tells the gaps of one band; of whole numbers only the mask can, so that it has what is valid in all of them.
  const inAll = plans.some(({ dataType }) => isIntegerType(dataType));
  const mask = parts[0]!.mask.slice();
  for (const part of parts.slice(1)) {
    for (const [i, valid] of part.mask.entries()) mask[i] = inAll ? mask[i]! & valid : mask[i]! | valid;
  }
  return {
    data: parts.flatMap(({ data }) => data),
    mask,
    validCount: mask.reduce((sum, valid) => sum + valid, 0),
    error: Math.max(...parts.map(({ error }) => error)),
  };
}

/** Warps one window of the target from all its layers, one after the other: memory is that of one. @throws as `warpWindow` */
export async function warpLayers(
  layers: readonly Omit<PlannedLayer, 'steps'>[],
  window: PixelWindow,
  signal?: AbortSignal,
): Promise<WarpedWindow> {
  const parts: WarpedWindow[] = [];
  for (const { source, mapping, plan } of layers) parts.push(await warpWindow(source, mapping, plan, window, signal));
  return parts.length === 1
    ? parts[0]!
    : stacked(
        parts,
        layers.map(({ plan }) => plan),
      );
}
