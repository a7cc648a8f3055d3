import type { Correspondences } from '../points/correspondences.js';

/** The shift and scale that keep a fit well conditioned: u = (x − sourceX) / scale, and targets relative to (targetX, targetY). */
export interface Normalisation {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly scale: number;
  readonly targetX: number;
  readonly targetY: number;
}

/** Centres the points of positive weight on their mean and scales the source to a mean square distance of 2. */
export function normalisationOf(points: Correspondences, weights?: Float64Array): Normalisation {
  const count = points.source.length / 2;
  let n = 0;
  let sourceX = 0;
  let sourceY = 0;
  let targetX = 0;
  let targetY = 0;
  for (let i = 0; i < count; i++) {
    if (weights !== undefined && !(weights[i]! > 0)) continue;
    n++;
    sourceX += points.source[2 * i]!;
    sourceY += points.source[2 * i + 1]!;
    targetX += points.target[2 * i]!;
    targetY += points.target[2 * i + 1]!;
  }
  if (n === 0) return { sourceX: 0, sourceY: 0, scale: 1, targetX: 0, targetY: 0 };
  sourceX /= n;
  sourceY /= n;
  let squared = 0;
  for (let i = 0; i < count; i++) {
    if (weights !== undefined && !(weights[i]! > 0)) continue;
    squared += (points.source[2 * i]! - sourceX) ** 2 + (points.source[2 * i + 1]! - sourceY) ** 2;
  }
  const scale = Math.sqrt(squared / n / 2);
  return {
    sourceX,
    sourceY,
    scale: scale > 0 && Number.isFinite(scale) ? scale : 1,
    targetX: targetX / n,
    targetY: targetY / n,
  };
}
