import {
  add,
  clip,
  concat,
  div,
  exp,
  maximum,
  minimum,
  mul,
  neg,
  pad,
  reduceMax,
  reduceMean,
  reduceSum,
  slice,
  sqrt,
  sub,
  type Tensor,
} from 'onnx-grad';
import { gaussianBlur, gaussianRadius } from './gaussian.js';
import type { StructureFeatures } from './structure-features.js';
import { erode, fillInvalid, validMean } from './validity.js';

/** One ring of the descriptor: how far the compared patches lie apart, and how wide they are. */
export interface MindScale {
  /** Offset to the eight neighbours, px. */
  readonly radius: number;
  /** Standard deviation of the Gaussian patch, px. */
  readonly patch: number;
}

/** Settings of {@link mind}. */
export interface MindOptions {
  readonly scales?: readonly MindScale[] | undefined;
  /** Standard deviation of the smoothing of the descriptor, px: what the match forgives of residual geometry. */
  readonly smoothing?: number | undefined;
}

/** Half of the ring; the other half are the opposite offsets. */
const offsets: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
];

/** The image at (x + dx, y + dy), its edge repeated. */
function shifted(image: Tensor, dx: number, dy: number): Tensor {
  const [, , h, w] = image.shape as [number, number, number, number];
  const rows: [number, number] = [Math.max(-dy, 0), Math.max(dy, 0)];
  const columns: [number, number] = [Math.max(-dx, 0), Math.max(dx, 0)];
  const padded = pad(image, [rows, columns], { mode: 'edge' });
  return slice(padded, { axes: [2, 3], starts: [rows[1], columns[1]], ends: [rows[1] + h, columns[1] + w] });
}

function mindScale(image: Tensor, valid: Tensor, scale: MindScale, smoothing: number): Tensor {
  const { radius } = scale;
  const squares = offsets.map(([x, y]) => {
    const difference = sub(image, shifted(image, x * radius, y * radius));
    return mul(difference, difference);
  });
  const half = gaussianBlur(concat(squares, 1), scale.patch);
  // The distance to the opposite neighbour is the same comparison seen from there: D(x, −r) = D(x − r, r).
  const opposite = offsets.map(([x, y], i) =>
    shifted(slice(half, { axes: [1], starts: [i], ends: [i + 1] }), -x * radius, -y * radius),
  );
  const patch = concat([half, ...opposite], 1);
  // The local variance estimate normalises contrast; its bounds keep flat ground from exploding (Heinrich 2012, §3.2).
  const variance = reduceMean(patch, { axes: [1], keepDims: true });
  const typical = add(validMean(variance, valid), 1e-12);
  const bounded = minimum(maximum(variance, mul(typical, 1e-3)), mul(typical, 1e3));
  const response = exp(neg(clip(div(patch, bounded), 0, 60)));
  const scaled = div(response, reduceMax(response, { axes: [1], keepDims: true }));
  // Without their mean over the offsets the responses of unrelated ground are uncorrelated.
  const centred = sub(scaled, reduceMean(scaled, { axes: [1], keepDims: true }));
  const smooth = gaussianBlur(centred, smoothing);
  const norm = sqrt(add(reduceSum(mul(smooth, smooth), { axes: [1], keepDims: true }), 1e-12));
  return div(smooth, add(norm, 1e-3));
}

/**
 * MIND, the modality independent neighbourhood descriptor: exp(−D/V) of patch distances D to eight neighbours, V their mean
 * (Heinrich et al. 2012, eq. 4), here over two rings, centred over the offsets, smoothed and of unit length, so that the inner
 * product of two descriptors is their similarity.
 */
export function mind(options: MindOptions = {}): StructureFeatures {
  const scales = options.scales ?? [
    { radius: 1, patch: 1 },
    { radius: 3, patch: 1.5 },
  ];
  const smoothing = options.smoothing ?? 1;
  const reach = Math.max(...scales.map(({ radius, patch }) => 2 * radius + gaussianRadius(patch)));
  return {
    name: `mind(${scales.map(({ radius, patch }) => `${radius}:${patch}`).join(',')};${smoothing})`,
    channels: 8 * scales.length,
    margin: reach + gaussianRadius(smoothing),
    build(image, valid) {
      const filled = fillInvalid(image, valid);
      const parts = scales.map((scale) => mindScale(filled, valid, scale, smoothing));
      const support = erode(valid, Math.max(...scales.map(({ radius }) => radius)) + 1);
      return { features: mul(concat(parts, 1), mul(support, 1 / Math.sqrt(scales.length))), support };
    },
  };
}
