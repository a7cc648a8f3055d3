import { invertTransform, matrixPoint } from './matrix-transform.js';
import { isMatrixTransform, jacobianAt, type Transform, transformPoint } from './transform.js';

/**
 * The point that the transform maps to (x, y), or null where there is none (or Newton's iteration finds none).
 * @param start where the iteration of the non-matrix models begins; the target itself where absent.
 */
export function inverseTransformPoint(
  transform: Transform,
  x: number,
  y: number,
  start: readonly [number, number] = [x, y],
): [number, number] | null {
  if (isMatrixTransform(transform)) {
    const inverse = invertTransform(transform);
    if (inverse === null) return null;
    const point = matrixPoint(inverse, x, y);
    return Number.isFinite(point[0]) && Number.isFinite(point[1]) ? point : null;
  }
  let [px, py] = start;
  let [X, Y] = transformPoint(transform, px, py);
  let error = Math.hypot(x - X, y - Y);
  for (let iteration = 0; iteration < 50; iteration++) {
    if (error < 1e-10) return [px, py];
    const [a, b, c, d] = jacobianAt(transform, px, py);
    const det = a * d - b * c;
    if (det === 0 || !Number.isFinite(det)) return null;
    const stepX = (d * (x - X) - b * (y - Y)) / det;
    const stepY = (a * (y - Y) - c * (x - X)) / det;
    // Halve the step until the target comes nearer: far from the solution a full Newton step may overshoot.
    let damping = 1;
    let improved = false;
    while (damping > 1e-4) {
      const nx = px + damping * stepX;
      const ny = py + damping * stepY;
      const mapped = transformPoint(transform, nx, ny);
      const next = Math.hypot(x - mapped[0], y - mapped[1]);
      if (next < error) {
        px = nx;
        py = ny;
        [X, Y] = mapped;
        error = next;
        improved = true;
        break;
      }
      damping /= 2;
    }
    if (!improved) break;
  }
  // The last digits of large coordinates can keep the error above 1e-10 at the solution itself.
  return error < 1e-7 * Math.max(1, Math.abs(x), Math.abs(y)) ? [px, py] : null;
}
