import type { Plane } from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import { detectKeypoints } from './keypoints.js';
import { structureMaps } from './structure-maps.js';

/**
 * RIFT's keypoints of an image at full resolution: half of them corners, half edge points.
 *
 * @returns x, y, x, y, …: px, corner convention; at most `count` points
 */
export async function riftKeypoints(engine: Engine, plane: Plane, count: number): Promise<Float64Array> {
  const maps = await structureMaps(engine, plane, false);
  const indices = detectKeypoints(maps, count);
  const xy = new Float64Array(2 * indices.length);
  for (const [n, i] of indices.entries()) xy.set([(i % maps.width) + 0.5, Math.floor(i / maps.width) + 0.5], 2 * n);
  return xy;
}
