import type { MatrixTransform } from './matrix-transform.js';

/** The same linear combination of the coefficients of both axes: `after` of what is linear in them, but for its shift. */
export function combineAxes(
  { matrix: [a, b, , d, e] }: MatrixTransform,
  x: readonly number[],
  y: readonly number[],
): [number[], number[]] {
  return [x.map((v, i) => a * v + b * y[i]!), x.map((v, i) => d * v + e * y[i]!)];
}

/** The scales along x and y of an affine map that only shifts and stretches; null of one that turns or mirrors. */
export function stretchOf({ matrix: [a, b, , d, e] }: MatrixTransform): readonly [number, number] | null {
  const straight = Math.abs(b) <= 1e-12 * Math.abs(a) && Math.abs(d) <= 1e-12 * Math.abs(e);
  return straight && a > 0 && e > 0 ? [a, e] : null;
}

/** Where a map that only shifts and stretches takes a point from. */
export function originBefore(
  { matrix: [, , c, , , f] }: MatrixTransform,
  [a, e]: readonly [number, number],
  [x, y]: readonly [number, number],
): [number, number] {
  return [(x - c) / a, (y - f) / e];
}

/** The normalisation by an origin and one scale for both axes, after a map of the argument; null where it is turned or stretched unevenly. */
export function moveArgument(
  { origin, scale }: { readonly origin: readonly [number, number]; readonly scale: number },
  before: MatrixTransform,
): { readonly origin: readonly [number, number]; readonly scale: number } | null {
  const stretch = stretchOf(before);
  if (stretch === null || Math.abs(stretch[0] / stretch[1] - 1) > 1e-9) return null;
  return { origin: originBefore(before, stretch, origin), scale: scale / stretch[0] };
}
