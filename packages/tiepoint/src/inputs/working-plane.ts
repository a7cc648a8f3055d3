import type { Plane } from '@tiepoint/geometry';
import { type PixelWindow, type RasterFile, sarToDecibel } from '@tiepoint/raster';
import { linearSarScale } from './linear-sar-scale.js';
import { withMask } from './read-mask.js';
import { believedRange, withinRange } from './without-extremes.js';

/** Longest side that is matched at unless one is named; larger images are averaged down to it. */
export const usualSide = 4096;

/** A band as it is matched. */
export interface WorkingPlane {
  readonly plane: Plane;
  /** Full-resolution px per px of the plane, along x and y. */
  readonly scale: readonly [number, number];
  readonly band: number | 'luminance';
  readonly warnings: readonly string[];
  /** Reads a part of the file at full resolution, as the plane was read: the same band, mask and scale of the samples. */
  readonly readWindow: (window: PixelWindow) => Promise<Plane>;
}

function isByte(file: RasterFile, band: number | 'luminance'): boolean {
  return file.bands[band === 'luminance' ? 0 : band - 1]?.dataType === 'uint8';
}

/** Whether the file has no word on what of it is missing. */
function saysNothingMissing(file: RasterFile, band: number | 'luminance'): boolean {
  return file.maskKind === 'none' && !isByte(file, band);
}

/** Reads the band to be matched, at most `workingSide` px a side, less what a given mask leaves out; linear SAR samples become decibels, and that is said. */
export async function readWorkingPlane(
  file: RasterFile,
  band: number | undefined,
  mask: RasterFile | undefined,
  signal?: AbortSignal,
  workingSide: number = usualSide,
): Promise<WorkingPlane> {
  const chosen =
    band ??
    (file.bands.length >= 3 && file.bands.some(({ colorInterpretation }) => colorInterpretation === 'red')
      ? 'luminance'
      : 1);
  const shrink = Math.max(1, Math.max(file.width, file.height) / workingSide);
  const size =
    shrink > 1
      ? { width: Math.max(1, Math.round(file.width / shrink)), height: Math.max(1, Math.round(file.height / shrink)) }
      : {};
  const whole = await file.readPlane({ band: chosen, ...size, signal });
  const masked = mask === undefined ? whole : await withMask(whole, mask, signal);
  const warnings: string[] = [];
  const range = isByte(file, chosen) ? null : believedRange(masked);
  const read = range === null ? masked : withinRange(masked, range);
  if (range !== null) {
    const percent = (100 * range.share).toPrecision(2);
    warnings.push(
      `${file.name}: ${percent} % of its samples are left out, as ${range.example} is no value of the image; no tag names it`,
    );
  } else if (saysNothingMissing(file, chosen) && whole.mask !== undefined) {
    warnings.push(
      `${file.name}: samples that are not finite, or at the end of what floats can say, are left out; no tag names them`,
    );
  }
  const linear = chosen === 'luminance' ? null : linearSarScale(read, file.bands[chosen - 1]?.dataType);
  const scale = linear?.scale ?? null;
  const plane = scale === null ? read : sarToDecibel(read, scale);
  if (linear !== null)
    warnings.push(`${file.name}: taken for SAR ${linear.scale} and matched in decibels (${linear.reason})`);
  if (shrink > 1)
    warnings.push(
      `${file.name}: matched at ${plane.width}×${plane.height} px, a ${shrink.toFixed(1)}th of its resolution`,
    );
  const readWindow = async (window: PixelWindow): Promise<Plane> => {
    const part = await file.readPlane({ band: chosen, window, signal });
    const valid = mask === undefined ? part : await withMask(part, mask, signal, window);
    const believed = range === null ? valid : withinRange(valid, range);
    return scale === null ? believed : sarToDecibel(believed, scale);
  };
  return { plane, scale: [file.width / plane.width, file.height / plane.height], band: chosen, warnings, readWindow };
}
