import { buildModel, input, type Model, type Tensor } from 'onnx-grad';
import type { Engine } from '../engine.js';
import { allocatePatches, type Patches } from '../image/patches.js';
import type { StructureFeatures } from './structure-features.js';

/** Features of patches in memory. */
export interface FeatureMaps {
  readonly count: number;
  readonly channels: number;
  readonly width: number;
  readonly height: number;
  /** [count, channels, height, width] */
  readonly features: Float32Array;
  /** [count, 1, height, width], 1 where there are features. */
  readonly support: Float32Array;
}

function featureModel(
  features: StructureFeatures,
  shape: readonly number[],
): Model<Readonly<Record<'features' | 'support', Tensor>>> {
  const described = features.build(input('image', shape), input('valid', shape));
  return buildModel({ outputs: { features: described.features, support: described.support } });
}

/** Computes the features of patches. */
export async function describePatches(
  engine: Engine,
  features: StructureFeatures,
  patches: Patches,
): Promise<FeatureMaps> {
  const { count, width, height, data, valid } = patches;
  const shape = [count, 1, height, width];
  const outputs = await engine.run(
    `features ${features.name} ${shape.join('x')}`,
    () => featureModel(features, shape),
    {
      image: data,
      valid,
    },
  );
  return { count, channels: features.channels, width, height, ...outputs };
}

/** Side of the tiles that large patches are described in, px. */
const tileSide = 256;

/** Copies the window at (x, y) of the first patch into another, both inside. */
function copyWindow(source: Patches, x: number, y: number, target: Patches): void {
  const { width, height } = target;
  for (let row = 0; row < height; row++) {
    const start = (y + row) * source.width + x;
    target.data.set(source.data.subarray(start, start + width), row * width);
    target.valid.set(source.valid.subarray(start, start + width), row * width);
  }
}

/**
 * Computes the features of one patch of any size in overlapping tiles of one shape: the engine needs memory for a tile only, which
 * also stays in the processor's cache. Statistics over the image become those of the tile.
 */
export async function describeTiled(engine: Engine, features: StructureFeatures, patch: Patches): Promise<FeatureMaps> {
  const { width, height } = patch;
  const { channels, margin } = features;
  const columns = Math.min(width, tileSide + 2 * margin);
  const rows = Math.min(height, tileSide + 2 * margin);
  if (columns === width && rows === height) return describePatches(engine, features, patch);
  const tile = allocatePatches(1, columns, rows);
  const out = {
    features: new Float32Array(channels * width * height),
    support: new Float32Array(width * height),
  };
  for (let top = 0; top < height; top += tileSide) {
    for (let left = 0; left < width; left += tileSide) {
      // Tiles stay inside, so that the image's own border is treated as ever.
      const x = Math.min(Math.max(0, left - margin), width - columns);
      const y = Math.min(Math.max(0, top - margin), height - rows);
      copyWindow(patch, x, y, tile);
      const maps = await describePatches(engine, features, tile);
      const right = Math.min(left + tileSide, width);
      const bottom = Math.min(top + tileSide, height);
      const copy = (from: Float32Array, to: Float32Array, map: number): void => {
        for (let row = top; row < bottom; row++) {
          const start = (map * rows + row - y) * columns - x;
          to.set(from.subarray(start + left, start + right), (map * height + row) * width + left);
        }
      };
      for (let c = 0; c < channels; c++) copy(maps.features, out.features, c);
      copy(maps.support, out.support, 0);
    }
  }
  return { count: 1, channels, width, height, ...out };
}

/**
 * Copies a square of map `from` to place `to` of other maps; what lies outside the source is left without features.
 *
 * @param x - left column of the square in the source; @param y - its top row; both may be negative
 */
export function cropMaps(
  source: FeatureMaps,
  from: number,
  x: number,
  y: number,
  target: FeatureMaps,
  to: number,
): void {
  const { width, height, channels } = source;
  const size = target.width;
  const x0 = Math.max(0, -x);
  const x1 = Math.min(size, width - x);
  const copy = (data: Float32Array, map: number, out: Float32Array, place: number): void => {
    const base = place * size * size;
    const [y0, y1] = [Math.max(0, -y), Math.min(size, height - y)];
    if (x0 > 0 || x1 < size || y0 > 0 || y1 < size) out.fill(0, base, base + size * size);
    if (x1 <= x0) return;
    for (let row = y0; row < y1; row++) {
      const start = map * width * height + (y + row) * width + x;
      out.set(data.subarray(start + x0, start + x1), base + row * size + x0);
    }
  };
  for (let c = 0; c < channels; c++) copy(source.features, from * channels + c, target.features, to * channels + c);
  copy(source.support, from, target.support, to);
}

/** Maps without features, to be filled. */
export function allocateMaps(count: number, channels: number, size: number): FeatureMaps {
  return {
    count,
    channels,
    width: size,
    height: size,
    features: new Float32Array(count * channels * size * size),
    support: new Float32Array(count * size * size),
  };
}
