import type { Plane } from '@tiepoint/geometry';
import type { Keypoints } from '../detection/keypoints.js';
import type { Engine } from '../engine.js';
import { detectKeypoints } from './keypoints.js';
import { structureMaps } from './structure-maps.js';

/**
 * RIFT's keypoints of an image at full resolution: half of them corners, half edge points, at most `count`. Their score is the
 * maximum moment of phase congruency.
 */
export async function riftKeypoints(
  engine: Engine,
  plane: Plane,
  count: number,
  signal?: AbortSignal,
): Promise<Keypoints> {
  const maps = await structureMaps(engine, plane, false);
  signal?.throwIfAborted();
  const indices = detectKeypoints(maps, count).toSorted((a, b) => maps.edges[b]! - maps.edges[a]!);
  const xy = new Float64Array(2 * indices.length);
  for (const [n, i] of indices.entries()) xy.set([(i % maps.width) + 0.5, Math.floor(i / maps.width) + 0.5], 2 * n);
  return { count: indices.length, xy, score: Float32Array.from(indices, (i) => maps.edges[i]!) };
}
