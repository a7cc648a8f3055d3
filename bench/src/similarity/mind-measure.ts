import type { Engine } from '@tiepoint/matching';
import {
  clip,
  concat,
  constant,
  conv2d,
  div,
  exp,
  maximum,
  minimum,
  mul,
  neg,
  pad,
  reduceMax,
  reduceMean,
  reshape,
  slice,
  sub,
  type Tensor,
} from 'onnx-grad';
import { graphMeasure, singlePatches } from './graph-measure.js';
import { patchSide, type SimilarityMeasure } from './measure.js';
import { gaussianTaps } from './patch-filter.js';

/** Settings of {@link mindMeasure}. */
export interface MindMeasureOptions {
  /** Standard deviation of the Gaussian patches are compared with, px; 1 unless named. */
  readonly patch?: number | undefined;
  /** Distance to the neighbours, px; 1 unless named. */
  readonly radius?: number | undefined;
  /** Neighbours: along the axes, or the diagonals too; 8 unless named. */
  readonly neighbours?: 4 | 8 | undefined;
}

const axes: readonly (readonly [number, number])[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];
const diagonals: readonly (readonly [number, number])[] = [
  [1, 1],
  [-1, -1],
  [1, -1],
  [-1, 1],
];

/** Px at the border whose descriptors reach outside the patch. */
const scoreMargin = 2;

/** Images [N, 1, H, W] moved by (dx, dy), their edge repeated. */
function moved(image: Tensor, dx: number, dy: number): Tensor {
  const [, , h, w] = image.shape as [number, number, number, number];
  const rows: [number, number] = [Math.max(-dy, 0), Math.max(dy, 0)];
  const columns: [number, number] = [Math.max(-dx, 0), Math.max(dx, 0)];
  const padded = pad(image, [rows, columns], { mode: 'edge' });
  return slice(padded, { axes: [2, 3], starts: [rows[1], columns[1]], ends: [rows[1] + h, columns[1] + w] });
}

/** Each channel of [N, C, H, W] smoothed by a Gaussian, zeros beyond the border. */
function smoothed(x: Tensor, sigma: number): Tensor {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const taps = gaussianTaps(sigma);
  const side = taps.length;
  const kernel = Float32Array.from({ length: side * side }, (_, i) => taps[i % side]! * taps[Math.floor(i / side)]!);
  const planes = reshape(x, [n * c, 1, h, w]);
  return reshape(conv2d(planes, constant(kernel, [1, 1, side, side]), { padding: (side - 1) / 2 }), [n, c, h, w]);
}

function descriptors(images: Tensor, { patch = 1, radius = 1, neighbours = 8 }: MindMeasureOptions): Tensor {
  const distances = (offsets: typeof axes): Tensor => {
    const squares = offsets.map(([x, y]) => {
      const difference = sub(images, moved(images, x * radius, y * radius));
      return mul(difference, difference);
    });
    return smoothed(concat(squares, 1), patch);
  };
  const near = distances(axes);
  // The variance estimate is the mean distance to the four along the axes, kept within bounds as in the authors' program.
  const variance = reduceMean(near, { axes: [1], keepDims: true });
  const typical = reduceMean(variance, { axes: [1, 2, 3], keepDims: true });
  const bounded = maximum(minimum(maximum(variance, mul(typical, 1e-3)), mul(typical, 1e3)), 1e-9);
  const all = neighbours === 4 ? near : concat([near, distances(diagonals)], 1);
  const response = exp(neg(clip(div(all, bounded), 0, 60)));
  return div(response, reduceMax(response, { axes: [1], keepDims: true }));
}

/**
 * MIND, the modality independent neighbourhood descriptor (Heinrich et al. 2012, eq. 4): exp(−D/V) of patch distances D to the
 * neighbours over their variance estimate V, the largest made 1; two patches are compared by the squared difference of their
 * descriptors over the patch. The settings are the best of the plain ones on training places.
 */
export function mindMeasure(engine: Engine, name = 'mind', options: MindMeasureOptions = {}): SimilarityMeasure {
  return graphMeasure(engine, name, `mind ${JSON.stringify(options)}`, (pairs) => {
    const all = descriptors(reshape(pairs, singlePatches), options);
    const inner = {
      axes: [2, 3],
      starts: [scoreMargin, scoreMargin],
      ends: [patchSide - scoreMargin, patchSide - scoreMargin],
    };
    const described = reshape(slice(all, inner), [singlePatches[0] / 2, 2, -1]);
    const side = (i: number): Tensor => slice(described, { axes: [1], starts: [i], ends: [i + 1] });
    const difference = sub(side(0), side(1));
    return neg(reduceMean(mul(difference, difference), { axes: [1, 2] }));
  });
}
