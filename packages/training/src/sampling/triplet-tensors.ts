import { patchSide } from '@tiepoint/matching';
import { type Tensor, concat, input, slice } from 'onnx-grad';
import { patchesPerTriplet } from './triplets.js';

/** A batch of triplets as inputs of a training graph; see `TripletBatch`. */
export type TripletTensors = { readonly patches: Tensor; readonly shifts: Tensor };

/** The inputs for batches of `batch` triplets. */
export function tripletTensors(batch: number): TripletTensors {
  return {
    patches: input('patches', [batch, patchesPerTriplet, patchSide, patchSide]),
    shifts: input('shifts', [batch, 2, 2]),
  };
}

/** Patch `index` of each triplet: `[batch, 1, 32, 32]`. */
export function patchOf(patches: Tensor, index: number): Tensor {
  return slice(patches, { axes: [1], starts: [index], ends: [index + 1] });
}

/** Each template with both positives and the negative, one kind after the other: `[3 · batch, 2, 32, 32]`. */
export function pairsOfTriplets(patches: Tensor): Tensor {
  const template = patchOf(patches, 0);
  return concat(
    [1, 2, 3].map((index) => concat([template, patchOf(patches, index)], 1)),
    0,
  );
}

/** Rows `part · batch` to `(part + 1) · batch` of something computed for parts one after the other. */
export function partOf(x: Tensor, part: number, batch: number): Tensor {
  return slice(x, { axes: [0], starts: [part * batch], ends: [(part + 1) * batch] });
}
