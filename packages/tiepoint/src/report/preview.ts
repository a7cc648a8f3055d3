import { inverseMap, type Plane, resamplePlane, type Transform } from '@tiepoint/geometry';
import { pictureToDataUri, type RasterFile } from '@tiepoint/raster';

/** The longest side of a report's pictures, px. */
const maxSide = 1200;

/** Size of a preview of a grid, and how many grid pixels one of its pixels covers. */
export interface PreviewSize {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

/** The preview of a grid: no larger than the grid, its longest side at most 1200 px. */
export function previewSize(width: number, height: number): PreviewSize {
  const scale = Math.max(1, Math.max(width, height) / maxSide);
  return { width: Math.max(1, Math.round(width / scale)), height: Math.max(1, Math.round(height / scale)), scale };
}

/** The values that a share of the valid samples lies below, for each share asked for. Null where none is valid. */
function quantiles(plane: Plane, shares: readonly number[]): number[] | null {
  const step = Math.max(1, Math.floor(plane.data.length / 200_000));
  const values: number[] = [];
  for (let i = 0; i < plane.data.length; i += step) {
    if (plane.mask === undefined || plane.mask[i] === 1) values.push(plane.data[i]!);
  }
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).toSorted();
  return shares.map((share) => sorted[Math.round(share * (sorted.length - 1))]!);
}

/** Stretches the 1 % to 99 % quantiles of each plane over 0 … 255 and interleaves them with an alpha channel. */
function toInterleaved(planes: readonly Plane[]): Uint8Array {
  const channels = planes.length + 1;
  const count = planes[0]!.data.length;
  const out = new Uint8Array(channels * count);
  // The channels of a colour image share one stretch, which keeps its colours.
  const ranges = planes.map((plane) => quantiles(plane, [0.01, 0.99]) ?? [0, 1]);
  const low = Math.min(...ranges.map((range) => range[0]!));
  const high = Math.max(...ranges.map((range) => range[1]!));
  const gain = high > low ? 255 / (high - low) : 0;
  for (let i = 0; i < count; i++) {
    let valid = 255;
    for (let c = 0; c < planes.length; c++) {
      const { data, mask } = planes[c]!;
      if (mask !== undefined && mask[i] === 0) valid = 0;
      out[i * channels + c] = gain === 0 ? 128 : Math.min(255, Math.max(0, Math.round((data[i]! - low) * gain)));
    }
    out[i * channels + channels - 1] = valid;
  }
  return out;
}

/** Encodes one plane (grey) or three (red, green, blue), stretched, as a `data:` URI. */
export function planesToDataUri(planes: readonly Plane[]): Promise<string> {
  const { width, height } = planes[0]!;
  return pictureToDataUri({ data: toInterleaved(planes), width, height, channels: planes.length === 3 ? 4 : 2 });
}

/** The bands that show an image: red, green and blue where it has them and no band is asked for. */
export async function readPreview(
  file: RasterFile,
  band: number | 'luminance',
  size: PreviewSize,
  signal: AbortSignal | undefined,
): Promise<Plane[]> {
  const colours = (['red', 'green', 'blue'] as const).map(
    (name) => file.bands.find((entry) => entry.colorInterpretation === name)?.index,
  );
  const bands = band === 'luminance' && colours.every((index) => index !== undefined) ? colours : [band];
  const planes: Plane[] = [];
  for (const wanted of bands) {
    const { width, height } = size;
    planes.push(await file.readPlane({ band: wanted!, width, height, signal }));
  }
  return planes;
}

/**
 * The sensed image on the grid of a preview.
 * @param sensed read at `1 / sensedScale` of its resolution, so that one of its samples covers `sensedScale` pixels.
 * @param sensedToReference between full-resolution pixels.
 */
export function placeOnPreview(
  sensed: Plane,
  sensedScale: readonly [number, number],
  sensedToReference: Transform,
  preview: PreviewSize,
): Plane {
  const { width, height, scale } = preview;
  const toSensedPixels = inverseMap(sensedToReference, width * scale, height * scale, 8 * scale);
  return resamplePlane(sensed, width, height, (points) => {
    for (let i = 0; i < points.length; i++) points[i]! *= scale;
    toSensedPixels(points);
    for (let i = 0; i < points.length; i += 2) {
      points[i]! /= sensedScale[0];
      points[i + 1]! /= sensedScale[1];
    }
  });
}
