import { median } from '@tiepoint/geometry';
import type { PointMapping } from './warp-mapping.js';

/** Points along each edge of the target that are mapped to find the part of the source it needs, as in GDAL. */
const edgePoints = 21;

/**
 * How many source pixels a target pixel spans along each source axis, at least 1.
 * The measure is the median of the mapping's derivatives. gdalwarp measures the sizes of the two windows instead, which
 * also widens kernels where the target is turned; between georeferenced grids its measure is taken where the two differ
 * by less than a quarter, so that both give the same image.
 * @param likeGdal False keeps to the derivatives: a turned image is not blurred.
 */
export function measureWiden(
  map: PointMapping,
  width: number,
  height: number,
  source: { readonly width: number; readonly height: number },
  likeGdal: boolean,
): [number, number] {
  const spans = medianSpans(map, width, height, source);
  if (!likeGdal) return [settle(spans[0], spans[0]), settle(spans[1], spans[1])];
  const window = windowSpans(map, width, height, source);
  return [settle(spans[0], window[0]), settle(spans[1], window[1])];
}

function medianSpans(
  map: PointMapping,
  width: number,
  height: number,
  source: { readonly width: number; readonly height: number },
): [number, number] {
  const spansX: number[] = [];
  const spansY: number[] = [];
  const n = 9;
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const x = ((i + 0.5) / n) * width;
      const y = ((j + 0.5) / n) * height;
      const p = Float64Array.of(x, y, x + 1, y, x, y + 1);
      map(p);
      const inside = p[0]! >= 0 && p[1]! >= 0 && p[0]! <= source.width && p[1]! <= source.height;
      const across = Math.hypot(p[2]! - p[0]!, p[4]! - p[0]!);
      const down = Math.hypot(p[3]! - p[1]!, p[5]! - p[1]!);
      if (inside && Number.isFinite(across) && Number.isFinite(down)) {
        spansX.push(across);
        spansY.push(down);
      }
    }
  }
  return spansX.length === 0 ? [1, 1] : [median(spansX), median(spansY)];
}

/** The size of the source window over the size of the target. */
function windowSpans(
  map: PointMapping,
  width: number,
  height: number,
  source: { readonly width: number; readonly height: number },
): [number, number] {
  const points: number[] = [];
  for (let i = 0; i < edgePoints; i++) {
    const t = i / (edgePoints - 1);
    points.push(t * width, 0, t * width, height, 0, t * height, width, t * height);
  }
  const mapped = Float64Array.from(points);
  map(mapped);
  const xs = mapped.filter((_, i) => i % 2 === 0);
  const ys = mapped.filter((_, i) => i % 2 === 1);
  const extent = (values: Float64Array, limit: number): number => {
    return Math.min(limit, Math.max(...values)) - Math.max(0, Math.min(...values));
  };
  return [extent(xs, source.width) / width, extent(ys, source.height) / height];
}

/** Within 0.05 of a whole number it is that number, as in GDAL. */
function settle(span: number, window: number): number {
  const chosen = Math.abs(window / span - 1) < 0.25 ? window : span;
  const whole = Math.round(chosen);
  return Math.max(1, whole >= 1 && Math.abs(chosen - whole) < 0.05 ? whole : chosen);
}
