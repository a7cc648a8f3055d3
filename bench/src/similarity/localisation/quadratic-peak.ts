/** A place found in a field of similarities. */
export interface Found {
  /** Px right and down of the field's middle. */
  readonly x: number;
  readonly y: number;
  /** Similarity there, high is similar. */
  readonly score: number;
  /** Of the error, as the measure itself says: [xx, xy, yy], px²; only DLSM does. */
  readonly covariance?: readonly [number, number, number];
}

/**
 * The largest similarity of a square field and, unless it lies on the rim, the top of the second-order polynomial fitted to the 3 × 3
 * values around it by least squares (Uss 2020, eq. 3 and 4). Where the polynomial has no top within a pixel the whole pixel stands.
 *
 * @param scores - fields of `side` × `side` one after the other, of which `index` is read
 */
export function quadraticPeak(scores: Float32Array, index: number, side: number): Found {
  const field = scores.subarray(index * side * side, (index + 1) * side * side);
  let at = 0;
  for (let i = 1; i < field.length; i++) if (field[i]! > field[at]!) at = i;
  const column = at % side;
  const row = (at - column) / side;
  const middle = (side - 1) / 2;
  const whole: Found = { x: column - middle, y: row - middle, score: field[at]! };
  if (column === 0 || row === 0 || column === side - 1 || row === side - 1) return whole;
  // The least-squares solution on a 3 × 3 grid: each parameter is a fixed sum of the nine values.
  let [xx, xy, yy, gx, gy] = [0, 0, 0, 0, 0];
  for (let v = -1; v <= 1; v++) {
    for (let u = -1; u <= 1; u++) {
      const value = field[at + v * side + u]!;
      xx += value * (u === 0 ? -1 / 3 : 1 / 6);
      yy += value * (v === 0 ? -1 / 3 : 1 / 6);
      xy += (value * u * v) / 4;
      gx += (value * u) / 6;
      gy += (value * v) / 6;
    }
  }
  const determinant = 4 * xx * yy - xy * xy;
  if (!(xx < 0 && determinant > 0)) return whole;
  const x = (xy * gy - 2 * yy * gx) / determinant;
  const y = (xy * gx - 2 * xx * gy) / determinant;
  if (Math.abs(x) > 1 || Math.abs(y) > 1) return whole;
  return { ...whole, x: whole.x + x, y: whole.y + y };
}
