import type { Plane } from '@tiepoint/geometry';
import { type DataType, detectSarScale, type SarScale, type SarScaleFinding } from '@tiepoint/raster';

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

/** Scales of SAR that are not logarithmic yet. */
export type LinearSar = Exclude<SarScale, 'decibel'>;

/** The scale of a band that is linear SAR, which is better matched and seen in decibels; null of any other. */
export function linearSarScale(
  plane: Plane,
  type: DataType | undefined,
): (SarScaleFinding & { readonly scale: LinearSar }) | null {
  if (type === 'uint8' || !heavyTail(plane)) return null;
  const found = detectSarScale(plane);
  return found === null || found.scale === 'decibel' ? null : { ...found, scale: found.scale };
}
