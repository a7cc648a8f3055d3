import { type MatrixTransform, type Plane, resamplePlane } from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import { detectKeypoints } from './keypoints.js';
import { type StructureMaps, structureMaps } from './structure-maps.js';

/** An image at one scale, with its keypoints. */
export interface ScaleLevel {
  /** Px of the level per px of the image, along each axis. */
  readonly scale: readonly [number, number];
  readonly maps: StructureMaps;
  /** Pixel indices in the level. */
  readonly keypoints: Int32Array;
}

/** Shorter side below which a level holds too few patches, px. */
const smallest = 96;

/** The image shrunk by a half octave `step` times. */
function shrink(plane: Plane, step: number): Plane {
  if (step === 0) return plane;
  const width = Math.round(plane.width * 2 ** (-step / 2));
  const height = Math.round(plane.height * 2 ** (-step / 2));
  const toImage: MatrixTransform = {
    model: 'affine',
    matrix: [plane.width / width, 0, 0, 0, plane.height / height, 0, 0, 0, 1],
  };
  return resamplePlane(plane, width, height, toImage);
}

/**
 * Finds the keypoints of an image, and of up to `steps` half octaves of shrinking; fewer keypoints where there is less area.
 *
 * @param between - see {@link structureMaps}
 */
export async function scaleLevels(
  engine: Engine,
  plane: Plane,
  steps: number,
  keypoints: number,
  between: boolean,
  signal?: AbortSignal,
): Promise<ScaleLevel[]> {
  const levels: ScaleLevel[] = [];
  for (let step = 0; step <= steps; step++) {
    signal?.throwIfAborted();
    const level = shrink(plane, step);
    if (step > 0 && Math.min(level.width, level.height) < smallest) break;
    const maps = await structureMaps(engine, level, between);
    const count = Math.max(Math.min(256, keypoints), Math.round(keypoints * 2 ** -step));
    levels.push({
      scale: [level.width / plane.width, level.height / plane.height],
      maps,
      keypoints: detectKeypoints(maps, count),
    });
  }
  return levels;
}
