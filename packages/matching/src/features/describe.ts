import { buildModel, input, type Model, type Tensor } from 'onnx-grad';
import type { Engine } from '../engine.js';
import type { Patches } from '../image/patches.js';
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
    out.fill(0, base, base + size * size);
    if (x1 <= x0) return;
    for (let row = Math.max(0, -y); row < Math.min(size, height - y); row++) {
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
