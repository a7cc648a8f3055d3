import type { Plane } from '@tiepoint/geometry';
import { detectSarScale, type PixelWindow, type RasterFile, type SarScale, sarToDecibel } from '@tiepoint/raster';
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

/**
 * Whether a long upper tail calls for the logarithm: speckle in linear power or amplitude, where the brightest hundredth lies
 * far above the median. Displayed (8-bit) images have their tail cut off and stay as they are.
 */
function heavyTail(plane: Plane): boolean {
  const sample: number[] = [];
  const step = Math.max(1, Math.floor(plane.data.length / 20_000));
  for (let i = 0; i < plane.data.length; i += step) {
    if (plane.mask === undefined || plane.mask[i] === 1) sample.push(plane.data[i]!);
  }
  sample.sort((a, b) => a - b);
  const at = (q: number): number => sample[Math.min(sample.length - 1, Math.floor(q * sample.length))] ?? 0;
  return at(0) >= 0 && at(0.5) > 0 && at(0.99) > 10 * at(0.5);
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
  let scale: SarScale | null = null;
  let plane = read;
  if (chosen !== 'luminance' && file.bands[chosen - 1]?.dataType !== 'uint8' && heavyTail(read)) {
    const found = detectSarScale(read);
    if (found !== null && found.scale !== 'decibel') {
      scale = found.scale;
      plane = sarToDecibel(read, scale);
      warnings.push(`${file.name}: taken for SAR ${found.scale} and matched in decibels (${found.reason})`);
    }
  }
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
