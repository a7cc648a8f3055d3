import { circularSd, type TiePoint } from 'tiepoint';
import type { PointColumn, PointFilter, PointsLook } from './state.js';

/** What a tie point is to the registration. */
export type PointKind = 'agreeing' | 'disagreeing' | 'off' | 'snapped' | 'hand' | 'imported';

/** What a tie point is. */
export function kindOf({ off, by, imported, inlier }: TiePoint): PointKind {
  if (off) return 'off';
  if (by !== undefined) return by === 'snapping' ? 'snapped' : 'hand';
  if (imported) return 'imported';
  return inlier === false ? 'disagreeing' : 'agreeing';
}

/** Predicted standard deviation of a tie point, px of the reference. */
export function errorOf({ covariance }: TiePoint): number {
  return circularSd(covariance);
}

const passes: Readonly<Record<PointFilter, (point: TiePoint) => boolean>> = {
  all: () => true,
  agreeing: ({ off, inlier }) => !off && inlier !== false,
  disagreeing: ({ off, inlier }) => !off && inlier === false,
  off: ({ off }) => off === true,
  hand: ({ by, imported }) => by !== undefined || imported === true,
};

const order: Readonly<Record<PointColumn, (point: TiePoint, index: number) => number | string>> = {
  number: (_, index) => index,
  residual: ({ residual }) => residual ?? 0,
  error: errorOf,
  score: ({ score }) => score,
  kind: kindOf,
};

/** Indices of the tie points that are listed, in the order they are listed in. */
export function listedPoints(
  tiePoints: readonly TiePoint[],
  { sort, descending, filter, least }: Pick<PointsLook, 'sort' | 'descending' | 'filter' | 'least'>,
): readonly number[] {
  const value = order[sort];
  const sign = descending ? -1 : 1;
  return Array.from(tiePoints.keys())
    .filter((i) => passes[filter](tiePoints[i]!) && (tiePoints[i]!.residual ?? 0) >= least)
    .toSorted((a, b) => {
      const [u, v] = [value(tiePoints[a]!, a), value(tiePoints[b]!, b)];
      return u < v ? -sign : u > v ? sign : a - b;
    });
}
