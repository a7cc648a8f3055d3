import type { Plane } from '@tiepoint/geometry';
import { argMax, buildModel, cast, input, type Model, type Tensor } from 'onnx-grad';
import type { Engine } from '../engine.js';
import { phaseCongruency } from '../features/phase-congruency.js';
import { erode } from '../features/validity.js';

/** Log-Gabor orientations, and so the values of the index map. */
export const orientations = 6;

/** Px at the border and beside invalid ground where filters see a false edge. */
const rim = 6;

/** What RIFT sees of an image. */
export interface StructureMaps {
  readonly width: number;
  readonly height: number;
  /** Minimum moment of phase congruency; 0 where there is no support. */
  readonly corners: Float32Array;
  /** Maximum moment; 0 where there is no support. */
  readonly edges: Float32Array;
  /**
   * Maximum index maps: the orientation with the largest amplitude; {@link orientations} where there is no support. The second,
   * where it was asked for, is of filters turned by half a step.
   */
  readonly index: readonly Uint8Array[];
}

function mapsModel(width: number, height: number, between: boolean): Model<Readonly<Record<string, Tensor>>> {
  const image = input('image', [1, 1, height, width]);
  const valid = input('valid', [1, 1, height, width]);
  const filters = { orientations, multiplier: 1.6 };
  const { amplitude, maxMoment, minMoment } = phaseCongruency(image, valid, filters);
  const largest = (x: Tensor): Tensor => cast(argMax(x, 1), 'float32');
  const turned = { ...filters, firstOrientation: Math.PI / (2 * orientations) };
  return buildModel({
    outputs: {
      corners: minMoment,
      edges: maxMoment,
      support: erode(valid, rim),
      index: largest(amplitude),
      ...(between ? { between: largest(phaseCongruency(image, valid, turned).amplitude) } : {}),
    },
  });
}

/**
 * Computes the moments of phase congruency and the maximum index map of an image (Li, Hu and Ai 2019, §3).
 *
 * @param between - whether to add the index map of filters turned by half a step
 */
export async function structureMaps(engine: Engine, plane: Plane, between: boolean): Promise<StructureMaps> {
  const { width, height } = plane;
  const valid = plane.mask ? Float32Array.from(plane.mask) : new Float32Array(width * height).fill(1);
  // Invalid samples may hold anything; NaN times zero is still NaN.
  const image = plane.mask ? plane.data.map((v, i) => (valid[i] === 1 ? v : 0)) : Float32Array.from(plane.data);
  const maps = await engine.run(`rift ${width}x${height} ${between}`, () => mapsModel(width, height, between), {
    image,
    valid,
  });
  const support = maps['support']!;
  return {
    width,
    height,
    corners: maps['corners']!.map((v, i) => v * support[i]!),
    edges: maps['edges']!.map((v, i) => v * support[i]!),
    index: (between ? ['index', 'between'] : ['index']).map((name) =>
      Uint8Array.from(maps[name]!, (v, i) => (support[i] === 1 ? v : orientations)),
    ),
  };
}
