import type { Correspondences } from './correspondences.js';

/** The shift and scale that keep a fit well conditioned: u = (x − sensedX) / scale, and targets relative to (referenceX, referenceY). */
export interface Normalisation {
  readonly sensedX: number;
  readonly sensedY: number;
  readonly scale: number;
  readonly referenceX: number;
  readonly referenceY: number;
}

/** Centres the points of positive weight on their mean and scales the sensed ones to a mean square distance of 2. */
export function normalisationOf(points: Correspondences, weights?: Float64Array): Normalisation {
  const count = points.sensed.length / 2;
  let n = 0;
  let sensedX = 0;
  let sensedY = 0;
  let referenceX = 0;
  let referenceY = 0;
  for (let i = 0; i < count; i++) {
    if (weights !== undefined && !(weights[i]! > 0)) continue;
    n++;
    sensedX += points.sensed[2 * i]!;
    sensedY += points.sensed[2 * i + 1]!;
    referenceX += points.reference[2 * i]!;
    referenceY += points.reference[2 * i + 1]!;
  }
  if (n === 0) return { sensedX: 0, sensedY: 0, scale: 1, referenceX: 0, referenceY: 0 };
  sensedX /= n;
  sensedY /= n;
  let squared = 0;
  for (let i = 0; i < count; i++) {
    if (weights !== undefined && !(weights[i]! > 0)) continue;
    squared += (points.sensed[2 * i]! - sensedX) ** 2 + (points.sensed[2 * i + 1]! - sensedY) ** 2;
  }
  const scale = Math.sqrt(squared / n / 2);
  return {
    sensedX,
    sensedY,
    scale: scale > 0 && Number.isFinite(scale) ? scale : 1,
    referenceX: referenceX / n,
    referenceY: referenceY / n,
  };
}
