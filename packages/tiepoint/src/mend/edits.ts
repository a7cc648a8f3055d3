import type { TransformModel } from '@tiepoint/geometry';
import { type ImportedTiePoint } from '../inputs/imported-tie-points.js';

/** A tie point set by hand, px of the files. */
export interface HandTiePoint extends ImportedTiePoint {
  readonly covariance: readonly [number, number, number];
  /** Whether DLSM found its place near where it was set and says how well, or whether place and error are the person's own. */
  readonly by: 'snapping' | 'hand';
}

/** Corners in order, px of the reference. */
export type Ring = readonly (readonly [number, number])[];

/** What a person changed of a registration. Plain data. */
export interface Edits {
  /** Tie points that are switched off, by their index in the registration's own. */
  readonly off: readonly number[];
  readonly added: readonly HandTiePoint[];
  /** Ground where nothing is to be matched: all tie points in it are off. */
  readonly excluded: readonly Ring[];
  /** The model to fit: `auto` chooses again, absent keeps the one that was chosen. */
  readonly model?: TransformModel | 'auto' | undefined;
}

/** A registration as it was found. */
export const noEdits: Edits = { off: [], added: [], excluded: [] };

/** Whether nothing was changed. */
export function isUnedited({ off, added, excluded, model }: Edits): boolean {
  return off.length + added.length + excluded.length === 0 && model === undefined;
}

/** Whether a point lies in a ring (even-odd). */
export function isInside(ring: Ring, x: number, y: number): boolean {
  let inside = false;
  for (const [i, [ax, ay]] of ring.entries()) {
    const [bx, by] = ring.at(i - 1)!;
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}
