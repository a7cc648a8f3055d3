import type { MatrixTransform } from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import { cropMaps, describePatches, describeTiled, type FeatureMaps } from '../features/describe.js';
import type { StructureFeatures } from '../features/structure-features.js';
import { allocatePatches, type Patches, samplePatch } from '../image/patches.js';
import type { Pyramid } from '../image/pyramid.js';

/** Where windows are taken from: a grid of `step` pixels of the reference, and the image it is filled from. */
export interface WindowGround {
  readonly image: Pyramid;
  /** Reference px → image px; null for the reference itself. */
  readonly map: MatrixTransform | null;
  readonly step: number;
  /** Size of the reference, px. */
  readonly width: number;
  readonly height: number;
}

/** Fills `target` with the features of the windows around points (px of the reference, interleaved), from the first place on. */
export type WindowSource = (points: Float64Array, target: FeatureMaps) => Promise<void>;

/** Feature maps of whole images, kept as long as the image is: every pass and every start needs those of the reference again. */
const kept = new WeakMap<Pyramid, Map<string, Promise<FeatureMaps>>>();

function wholeCanvas(ground: WindowGround): Patches {
  const { width, height, step } = ground;
  const canvas = allocatePatches(1, Math.ceil(width / step), Math.ceil(height / step));
  const x = (canvas.width * step) / 2;
  const y = (canvas.height * step) / 2;
  samplePatch(ground.image, { x, y, step, toImage: ground.map?.matrix ?? null }, canvas, 0);
  return canvas;
}

/** The features of all of the ground; those of a reference are kept with it. */
export function describeGround(
  engine: Engine,
  features: StructureFeatures,
  ground: WindowGround,
): Promise<FeatureMaps> {
  if (ground.map !== null) return describeTiled(engine, features, wholeCanvas(ground));
  const maps = kept.get(ground.image) ?? new Map<string, Promise<FeatureMaps>>();
  kept.set(ground.image, maps);
  const key = `${features.name} ${ground.step}`;
  const found = maps.get(key) ?? describeTiled(engine, features, wholeCanvas(ground));
  maps.set(key, found);
  return found;
}

/**
 * Opens a source of windows. Where the windows together are larger than the image, the image is described once and windows are
 * cut from its features; else each window is described by itself, so that the cost does not grow with the image.
 *
 * @param count - windows that will be asked for; @param size - their side, px of the grid
 */
export async function openWindows(
  engine: Engine,
  features: StructureFeatures,
  ground: WindowGround,
  count: number,
  size: number,
): Promise<WindowSource> {
  const { step, width, height } = ground;
  const padded = size + 2 * features.margin;
  if ((width / step) * (height / step) <= count * padded * padded) {
    const maps = await describeGround(engine, features, ground);
    return (points, target) => {
      for (let i = 0; i < points.length / 2; i++) {
        const x = Math.round(points[2 * i]! / step - size / 2);
        const y = Math.round(points[2 * i + 1]! / step - size / 2);
        cropMaps(maps, 0, x, y, target, i);
      }
      return Promise.resolve();
    };
  }
  return async (points, target) => {
    const patches = allocatePatches(target.count, padded, padded);
    for (let i = 0; i < points.length / 2; i++) {
      const place = { x: points[2 * i]!, y: points[2 * i + 1]!, step, toImage: ground.map?.matrix ?? null };
      samplePatch(ground.image, place, patches, i);
    }
    const maps = await describePatches(engine, features, patches);
    for (let i = 0; i < points.length / 2; i++) cropMaps(maps, i, features.margin, features.margin, target, i);
  };
}
