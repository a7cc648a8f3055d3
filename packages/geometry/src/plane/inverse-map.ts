import { inverseTransformPoint } from '../models/inverse-point.js';
import { invertTransform } from '../models/matrix-transform.js';
import { applyTransform, isMatrixTransform, type Transform } from '../models/transform.js';

/** Maps interleaved points in place; NaN where a point has no image. */
export type PointMap = (points: Float64Array) => void;

/**
 * The inverse of a transform over the pixels of a target image, fast enough to resample with.
 * A matrix is inverted exactly. Other models are inverted by Newton's method at the nodes of a grid and interpolated
 * bilinearly between them, as gdalwarp's approximating transformer does: smooth maps bend by well under 0.01 px over 8 px.
 * @param width of the target image, px.
 * @param spacing of the nodes, px.
 */
export function inverseMap(transform: Transform, width: number, height: number, spacing = 8): PointMap {
  if (isMatrixTransform(transform)) {
    const inverse = invertTransform(transform);
    return inverse === null
      ? (points) => void points.fill(Number.NaN)
      : (points) => void applyTransform(inverse, points, points);
  }
  const columns = Math.ceil(width / spacing) + 1;
  const rows = Math.ceil(height / spacing) + 1;
  const nodes = new Float64Array(2 * columns * rows).fill(Number.NaN);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = 2 * (row * columns + column);
      // The neighbour's solution moved by one node is a start from which Newton's method converges in a step or two.
      const neighbour = column > 0 ? at - 2 : at - 2 * columns;
      const x = nodes[neighbour];
      const y = nodes[neighbour + 1];
      const start =
        x === undefined || y === undefined || Number.isNaN(x)
          ? undefined
          : ([x + (column > 0 ? spacing : 0), y + (column > 0 ? 0 : spacing)] as const);
      const point = inverseTransformPoint(transform, column * spacing, row * spacing, start);
      if (point !== null) nodes.set(point, at);
    }
  }
  return (points) => {
    for (let i = 0; i < points.length; i += 2) {
      const gx = points[i]! / spacing;
      const gy = points[i + 1]! / spacing;
      if (!(gx >= 0 && gy >= 0 && gx <= columns - 1 && gy <= rows - 1)) {
        points[i] = points[i + 1] = Number.NaN;
        continue;
      }
      const column = Math.min(columns - 2, Math.floor(gx));
      const row = Math.min(rows - 2, Math.floor(gy));
      const fx = gx - column;
      const fy = gy - row;
      const a = 2 * (row * columns + column);
      const b = a + 2 * columns;
      for (let k = 0; k < 2; k++) {
        points[i + k] =
          (nodes[a + k]! * (1 - fx) + nodes[a + 2 + k]! * fx) * (1 - fy) +
          (nodes[b + k]! * (1 - fx) + nodes[b + 2 + k]! * fx) * fy;
      }
    }
  };
}
