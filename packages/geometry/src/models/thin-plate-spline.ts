/**
 * A thin-plate spline: an affine map plus radial terms U(r) = r² ln r around knots (Bookstein 1989, "Principal warps").
 * It works on normalised coordinates u = (x − origin₀) / scale, v = (y − origin₁) / scale and gives target pixels.
 */
export interface TpsTransform {
  readonly model: 'tps';
  readonly origin: readonly [number, number];
  readonly scale: number;
  /** Interleaved normalised (u, v) of the k knots. */
  readonly knots: readonly number[];
  /** k radial weights for X. */
  readonly weightsX: readonly number[];
  /** k radial weights for Y. */
  readonly weightsY: readonly number[];
  /** Constant, u and v coefficient for X. */
  readonly affineX: readonly [number, number, number];
  /** Constant, u and v coefficient for Y. */
  readonly affineY: readonly [number, number, number];
}

/** The radial function r² ln r of the squared distance, 0 at 0. */
export function radial(squaredDistance: number): number {
  return squaredDistance > 0 ? 0.5 * squaredDistance * Math.log(squaredDistance) : 0;
}

/** Maps one point by a thin-plate spline. */
export function tpsPoint(t: TpsTransform, x: number, y: number): [number, number] {
  const u = (x - t.origin[0]) / t.scale;
  const v = (y - t.origin[1]) / t.scale;
  let X = t.affineX[0] + t.affineX[1] * u + t.affineX[2] * v;
  let Y = t.affineY[0] + t.affineY[1] * u + t.affineY[2] * v;
  const count = t.weightsX.length;
  for (let k = 0; k < count; k++) {
    const du = u - t.knots[2 * k]!;
    const dv = v - t.knots[2 * k + 1]!;
    const value = radial(du * du + dv * dv);
    X += t.weightsX[k]! * value;
    Y += t.weightsY[k]! * value;
  }
  return [X, Y];
}

/** The partial derivatives `[∂X/∂x, ∂X/∂y, ∂Y/∂x, ∂Y/∂y]` of a thin-plate spline. */
export function tpsJacobian(t: TpsTransform, x: number, y: number): [number, number, number, number] {
  const u = (x - t.origin[0]) / t.scale;
  const v = (y - t.origin[1]) / t.scale;
  let xu = t.affineX[1];
  let xv = t.affineX[2];
  let yu = t.affineY[1];
  let yv = t.affineY[2];
  const count = t.weightsX.length;
  for (let k = 0; k < count; k++) {
    const du = u - t.knots[2 * k]!;
    const dv = v - t.knots[2 * k + 1]!;
    const s = du * du + dv * dv;
    if (s === 0) continue;
    // dU/dr² = (ln r² + 1) / 2, so ∂U/∂u = du · (ln r² + 1).
    const slope = Math.log(s) + 1;
    xu += t.weightsX[k]! * slope * du;
    xv += t.weightsX[k]! * slope * dv;
    yu += t.weightsY[k]! * slope * du;
    yv += t.weightsY[k]! * slope * dv;
  }
  return [xu / t.scale, xv / t.scale, yu / t.scale, yv / t.scale];
}
