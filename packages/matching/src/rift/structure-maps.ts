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
  /** The maximum index map: the orientation with the largest amplitude; {@link orientations} where there is no support. */
  readonly index: Uint8Array;
}

function mapsModel(width: number, height: number): Model<Readonly<Record<string, Tensor>>> {
  const image = input('image', [1, 1, height, width]);
  const valid = input('valid', [1, 1, height, width]);
  const { amplitude, maxMoment, minMoment } = phaseCongruency(image, valid, { orientations, multiplier: 1.6 });
  const index = cast(argMax(amplitude, 1), 'float32');
  return buildModel({
    outputs: { corners: minMoment, edges: maxMoment, index, support: erode(valid, rim) },
  });
}

/** Computes the moments of phase congruency and the maximum index map of an image (Li, Hu and Ai 2019, §3). */
export async function structureMaps(engine: Engine, plane: Plane): Promise<StructureMaps> {
  const { width, height } = plane;
  const valid = plane.mask ? Float32Array.from(plane.mask) : new Float32Array(width * height).fill(1);
  // Invalid samples may hold anything; NaN times zero is still NaN.
  const image = plane.mask ? plane.data.map((v, i) => (valid[i] === 1 ? v : 0)) : Float32Array.from(plane.data);
  const maps = await engine.run(`rift ${width}x${height}`, () => mapsModel(width, height), { image, valid });
  const support = maps['support']!;
  return {
    width,
    height,
    corners: maps['corners']!.map((v, i) => v * support[i]!),
    edges: maps['edges']!.map((v, i) => v * support[i]!),
    index: Uint8Array.from(maps['index']!, (v, i) => (support[i] === 1 ? v : orientations)),
  };
}
