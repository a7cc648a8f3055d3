import { TiepointError } from '@tiepoint/geometry';
import type { Geotransform } from '@tiepoint/geometry';
import type { PointMapping } from './warp-mapping.js';

/** A target grid without its CRS. */
export interface GridShape {
  readonly width: number;
  readonly height: number;
  readonly geotransform: Geotransform;
}

/** What a user may fix of a target grid. */
export interface GridWishes {
  /** Size of a pixel in units of the target CRS, one number or [x, y]. */
  readonly resolution?: number | readonly [number, number] | undefined;
  /** [minX, minY, maxX, maxY] in the target CRS. */
  readonly extent?: readonly [number, number, number, number] | undefined;
  /** Widens the extent to whole multiples of the resolution, which must be given (GDAL's -tap). */
  readonly alignedPixels?: boolean | undefined;
}

/** Points along each edge of the source that are mapped to find the extent, as in GDAL. */
const edgePoints = 21;

/**
 * The north-up grid that holds a source image in another system: its extent from points on the edges and inside, its
 * pixels such that the diagonal keeps its number of pixels. The rules are GDAL's (GDALSuggestedWarpOutput2).
 * @param toMap Source pixels to target map coordinates.
 * @throws {TiepointError} `no-overlap` where no point of the source has an image.
 */
export function suggestGrid(
  source: { width: number; height: number },
  toMap: PointMapping,
  wishes: GridWishes,
): GridShape {
  const { width, height } = source;
  const points: number[] = [];
  for (let j = 0; j < edgePoints; j++) {
    for (let i = 0; i < edgePoints; i++) {
      points.push((width * i) / (edgePoints - 1), (height * j) / (edgePoints - 1));
    }
  }
  const mapped = Float64Array.from(points);
  toMap(mapped);
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < mapped.length; i += 2) {
    const x = mapped[i]!;
    const y = mapped[i + 1]!;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    minX = Math.min(minX, x);
    maxX = Math.max(maxX, x);
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  }
  if (!(maxX > minX && maxY > minY)) {
    throw new TiepointError('no-overlap', 'the image has no place in the target coordinate system', {
      hint: 'Check the source georeference and the target CRS.',
      value: [minX, minY, maxX, maxY],
    });
  }
  const [resolutionX, resolutionY] = wishes.resolution
    ? pair(wishes.resolution)
    : pair(diagonalResolution(mapped, width, height, [minX, minY, maxX, maxY]));
  if (wishes.extent) [minX, minY, maxX, maxY] = checkedExtent(wishes.extent);
  if (wishes.alignedPixels) {
    if (!wishes.resolution) {
      throw new TiepointError('invalid-option', 'aligned pixels (-tap) without a resolution', {
        hint: 'Give the resolution too (-tr).',
      });
    }
    minX = Math.floor(minX / resolutionX + 1e-9) * resolutionX;
    maxX = Math.ceil(maxX / resolutionX - 1e-9) * resolutionX;
    minY = Math.floor(minY / resolutionY + 1e-9) * resolutionY;
    maxY = Math.ceil(maxY / resolutionY - 1e-9) * resolutionY;
  }
  const columns = Math.max(1, Math.floor((maxX - minX) / resolutionX + 0.5));
  const rows = Math.max(1, Math.floor((maxY - minY) / resolutionY + 0.5));
  return { width: columns, height: rows, geotransform: [minX, resolutionX, 0, maxY, 0, -resolutionY] };
}

function checkedExtent(extent: readonly [number, number, number, number]): readonly [number, number, number, number] {
  const [minX, minY, maxX, maxY] = extent;
  if (extent.every(Number.isFinite) && maxX > minX && maxY > minY) return extent;
  throw new TiepointError('invalid-option', `an extent of ${extent.join(' ')}`, {
    hint: 'An extent is minX minY maxX maxY in the target CRS.',
    value: extent,
  });
}

/** Map length of the source's diagonal a pixel of it; from the extent where a corner has no image. */
function diagonalResolution(
  mapped: Float64Array,
  width: number,
  height: number,
  extent: readonly [number, number, number, number],
): number {
  const last = mapped.length - 2;
  const pixels = Math.hypot(width, height);
  const direct = Math.hypot(mapped[last]! - mapped[0]!, mapped[last + 1]! - mapped[1]!) / pixels;
  if (direct > 0) return direct;
  return Math.hypot(extent[2] - extent[0], extent[3] - extent[1]) / pixels;
}

function pair(value: number | readonly [number, number]): readonly [number, number] {
  const both = typeof value === 'number' ? ([value, value] as const) : value;
  if (both.every((v) => Number.isFinite(v) && v > 0)) return both;
  throw new TiepointError('invalid-option', `a resolution of ${both.join('×')}`, {
    hint: 'Resolutions are positive, in units of the target CRS.',
    value,
  });
}
