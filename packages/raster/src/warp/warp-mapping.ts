import { inverseMap, inverseTransformPoint, isMatrixTransform, type Transform } from '@tiepoint/geometry';
import type { Crs } from '../georeference/crs.js';
import { turnLongitudes } from '../georeference/longitude.js';
import { transformerBetween } from '../georeference/crs-transformer.js';
import type { Geotransform } from '@tiepoint/geometry';

/** One step from target pixels to source pixels; plain data, so that it can cross to a worker. */
export type MappingStep =
  /** Pixel to map, or with an inverted geotransform map to pixel. */
  | { readonly kind: 'affine'; readonly coefficients: Geotransform }
  | { readonly kind: 'crs'; readonly from: Crs; readonly to: Crs }
  /** Longitudes by whole turns to within half a turn of the middle of the image they are to be found in. */
  | { readonly kind: 'longitude'; readonly centre: number }
  /** Reference pixels to sensed pixels: the transform backwards. The size is that of the reference image. */
  | { readonly kind: 'inverse'; readonly transform: Transform; readonly width: number; readonly height: number };

/** Maps interleaved points in place; a point without an image becomes NaN. */
export type PointMapping = (points: Float64Array) => void;

/** Joins the steps. `linear` is true where straight lines stay straight and evenly spaced, so that nothing need be approximated. */
export async function buildMapping(steps: readonly MappingStep[]): Promise<{ map: PointMapping; linear: boolean }> {
  const maps: PointMapping[] = [];
  let linear = true;
  for (const step of steps) {
    if (step.kind === 'affine') {
      maps.push(affineMap(step.coefficients));
    } else if (step.kind === 'longitude') {
      linear = false;
      maps.push((points) => turnLongitudes(points, step.centre));
    } else if (step.kind === 'crs') {
      if (step.from.code !== null && step.from.code === step.to.code) continue;
      linear = false;
      maps.push((await transformerBetween(step.from, step.to)).forward);
    } else if (isMatrixTransform(step.transform)) {
      linear &&= step.transform.model !== 'projective';
      maps.push(inverseMap(step.transform, step.width, step.height));
    } else {
      linear = false;
      maps.push(newtonMap(step.transform));
    }
  }
  return {
    linear,
    map: (points) => {
      for (const map of maps) map(points);
    },
  };
}

function affineMap(g: Geotransform): PointMapping {
  return (points) => {
    for (let i = 0; i + 1 < points.length; i += 2) {
      const x = points[i]!;
      const y = points[i + 1]!;
      points[i] = g[0] + x * g[1] + y * g[2];
      points[i + 1] = g[3] + x * g[4] + y * g[5];
    }
  };
}

/** Polynomials and splines backwards by Newton's method; each point starts where the one before it ended. */
export function newtonMap(transform: Transform): PointMapping {
  let offset: readonly [number, number] = [0, 0];
  return (points) => {
    for (let i = 0; i + 1 < points.length; i += 2) {
      const x = points[i]!;
      const y = points[i + 1]!;
      const found =
        inverseTransformPoint(transform, x, y, [x + offset[0], y + offset[1]]) ??
        inverseTransformPoint(transform, x, y);
      points[i] = found ? found[0] : Number.NaN;
      points[i + 1] = found ? found[1] : Number.NaN;
      if (found) offset = [found[0] - x, found[1] - y];
    }
  };
}
