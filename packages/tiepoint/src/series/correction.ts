import { affine, type Covariance2, type MatrixTransform, similarity, translation } from '@tiepoint/geometry';
import type { ImageSize } from '../inputs/overlap.js';

/** How far the place of an image on the reference may be corrected by a network. */
export type CorrectionModel = 'translation' | 'similarity' | 'affine';

/** A point of the reference in coordinates that are about −1 to 1 all over it: parameters are then px at its edge. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** The frame of a reference. */
export function frameOf({ width, height }: ImageSize): Frame {
  return { x: width / 2, y: height / 2, scale: Math.max(width, height) / 2 };
}

type Rows = readonly [x: readonly number[], y: readonly number[]];

/** What each parameter moves a point by, along x and along y. */
const rows: Readonly<Record<CorrectionModel, (u: number, v: number) => Rows>> = {
  translation: () => [
    [1, 0],
    [0, 1],
  ],
  similarity: (u, v) => [
    [1, 0, u, -v],
    [0, 1, v, u],
  ],
  affine: (u, v) => [
    [1, u, v, 0, 0, 0],
    [0, 0, 0, 1, u, v],
  ],
};

/** A correction as a transform of the reference, from the matrix of its linear part and the move of the frame's centre. */
const transforms: Readonly<Record<CorrectionModel, (values: Float64Array, frame: Frame) => MatrixTransform>> = {
  translation: ([x, y]) => translation(x!, y!),
  similarity: ([x, y, a, b], frame) => {
    const [p, q] = [1 + a! / frame.scale, b! / frame.scale];
    const [dx, dy] = [frame.x + x! - p * frame.x + q * frame.y, frame.y + y! - q * frame.x - p * frame.y];
    return similarity(Math.hypot(p, q), Math.atan2(q, p), dx, dy);
  },
  affine: ([x, xu, xv, y, yu, yv], frame) => {
    const [a, b, d, e] = [1 + xu! / frame.scale, xv! / frame.scale, yu! / frame.scale, 1 + yv! / frame.scale];
    return affine(a, b, frame.x + x! - a * frame.x - b * frame.y, d, e, frame.y + y! - d * frame.x - e * frame.y);
  },
};

/** Values of a correction. */
export function correctionSize(model: CorrectionModel): number {
  return rows[model](0, 0)[0].length;
}

/** What each value of a correction moves a point of the reference by. */
export function correctionRows(model: CorrectionModel, frame: Frame, x: number, y: number): Rows {
  return rows[model]((x - frame.x) / frame.scale, (y - frame.y) / frame.scale);
}

/** The map of the reference onto itself that a correction is. */
export function correctionTransform(model: CorrectionModel, frame: Frame, values: Float64Array): MatrixTransform {
  return transforms[model](values, frame);
}

/** The covariance of where a point of the reference is moved to, px², from that of a correction's values. */
export function correctionCovariance([rowX, rowY]: Rows, covariance: Float64Array): Covariance2 {
  const size = rowX.length;
  const product = (a: readonly number[], b: readonly number[]): number => {
    let sum = 0;
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) sum += a[i]! * covariance[i * size + j]! * b[j]!;
    return sum;
  };
  return [product(rowX, rowX), product(rowX, rowY), product(rowY, rowY)];
}
