import type { MatrixTransform } from '@tiepoint/geometry';
import type { Task } from '../inputs/task.js';
import type { Extent } from './passes.js';

/** A geometry that is worth looking at. */
export interface Proposal {
  /** What proposed it, as results name it. */
  readonly method: string;
  /** Reference px → sensed px. */
  readonly referenceToSensed: MatrixTransform;
  /** How far it may be off, px of the reference. */
  readonly radius: number;
  /** Names the weights of the networks whose keypoints it came from. */
  readonly keypointWeights?: string | undefined;
}

/** A way of finding geometries. */
export interface Start {
  readonly name: string;
  /** Proposes geometries, likely ones first; none where it has none. */
  readonly propose: (task: Task) => AsyncIterable<Proposal>;
}

/** Px of the reference that a search at low resolution over `width` × `height` of it leaves: two px of its grid and a part of a step of rotation and scale at the edge. */
export function searchedRadius({ width, height }: Extent): number {
  return (20 * Math.max(width, height)) / 256;
}
