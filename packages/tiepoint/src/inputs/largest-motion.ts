import { type Transform, transformPoint } from '@tiepoint/geometry';
import type { ImageSize } from './overlap.js';

/** How far a transform moves the corners of the sensed plane, px, at most. */
export function largestMotion({ width, height }: ImageSize, transform: Transform): number {
  const corners = [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ] as const;
  return Math.max(
    ...corners.map(([x, y]) => {
      const [X, Y] = transformPoint(transform, x, y);
      return Math.hypot(X - x, Y - y);
    }),
  );
}
