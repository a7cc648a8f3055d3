import { filterLines, type Grid, smoothGrid } from './line-filter.js';
import { type GradientField, gradientField } from './polar-descriptor.js';

/** The first scale, px, the ratio of one to the next, and their number (Dellinger et al. 2015, §V). */
const firstScale = 2;
const scaleRatio = 2 ** (1 / 3);
const scaleCount = 8;
/** Weight of the squared trace in Harris' function. */
const trace = 0.04;
/** Where nothing is bright, the ratio of means is to be 1. */
const dark = 1e-5;

/** What SAR-SIFT sees of an image at one scale. */
export interface SarScale {
  /** px */
  readonly scale: number;
  readonly gradient: GradientField;
  /** SAR-Harris function; large at corners. */
  readonly corner: Float32Array;
}

/**
 * Gradient by ratio (Dellinger et al. 2015, (3)–(6)): logarithms of the ratio of exponentially weighted means on both sides, along
 * each axis. Multiplying an image by a number changes nothing.
 */
export function ratioGradient(image: Grid, alpha: number): readonly [gx: Float32Array, gy: Float32Array] {
  const radius = Math.round(2 * alpha);
  const side = Float64Array.from({ length: radius }, (_, i) => Math.exp(-(i + 1) / alpha));
  const after = side;
  const before = side.toReversed();
  const across = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-Math.abs(i - radius) / alpha));
  const along = (axis: 'rows' | 'columns'): Float32Array => {
    const other = filterLines(image, axis === 'rows' ? 'columns' : 'rows', across, radius);
    // Kernels of one side only: from one sample further on, or from `radius` samples back.
    const [later, earlier] = [filterLines(other, axis, after, -1), filterLines(other, axis, before, radius)];
    return later.data.map((v, i) => Math.log((v + dark) / (earlier.data[i]! + dark)));
  };
  return [along('rows'), along('columns')];
}

/** The scales of SAR-SIFT: gradient by ratio and SAR-Harris function (Dellinger et al. 2015, (7), (8)). */
export function sarScales(image: Grid): SarScale[] {
  const { width, height } = image;
  return Array.from({ length: scaleCount }, (_, m) => {
    const scale = firstScale * scaleRatio ** m;
    const [gx, gy] = ratioGradient(image, scale);
    const product = (a: Float32Array, b: Float32Array): Float32Array => {
      const data = a.map((v, i) => scale * scale * v * b[i]!);
      return smoothGrid({ width, height, data }, Math.SQRT2 * scale).data;
    };
    const [xx, xy, yy] = [product(gx, gx), product(gx, gy), product(gy, gy)];
    const corner = xx.map((v, i) => v * yy[i]! - xy[i]! ** 2 - trace * (v + yy[i]!) ** 2);
    return { scale, gradient: gradientField(width, height, gx, gy), corner };
  });
}
