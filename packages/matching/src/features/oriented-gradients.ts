import { add, concat, constant, conv2d, div, mul, slice, sqrt, sub, type Tensor } from 'onnx-grad';
import { gaussianBlur, gaussianRadius } from './gaussian.js';
import type { StructureFeatures } from './structure-features.js';
import { erode, fillInvalid, validMean } from './validity.js';

/** Settings of {@link orientedGradients}. */
export interface OrientedGradientOptions {
  /** Smoothing before the derivative, px; default 0.3: images come to the search already averaged down. */
  readonly before?: number | undefined;
  /** Smoothing of the channels, px; default 2, which forgives what a step of the search leaves of rotation and scale. */
  readonly after?: number | undefined;
  /** Weight of the fourth harmonic beside the second; default 0.5. */
  readonly fourth?: number | undefined;
}

/**
 * Oriented-gradient channels for the global search: the even angular harmonics |g|·(cos 2θ, sin 2θ, cos 4θ, sin 4θ) of the
 * gradient's direction θ, smoothed and divided by the smoothed magnitude. Even harmonics do not change where contrast is
 * reversed, and they have no constant part: channels that only count edges, as histograms of |g| do, let any two busy images
 * correlate. (Second harmonic: the orientation tensor of Granlund and Knutsson 1995.)
 */
export function orientedGradients(options: OrientedGradientOptions = {}): StructureFeatures {
  const { before = 0.3, after = 2, fourth = 0.5 } = options;
  return {
    name: `oriented-gradients(${before};${after};${fourth})`,
    channels: 4,
    margin: gaussianRadius(before) + 1 + gaussianRadius(after),
    build(image, valid) {
      const smooth = gaussianBlur(fillInvalid(image, valid), before);
      const sobel = Float32Array.of(-1, 0, 1, -2, 0, 2, -1, 0, 1, -1, -2, -1, 0, 0, 0, 1, 2, 1).map((v) => v / 8);
      const inside = erode(valid, 3);
      const gradient = mul(conv2d(smooth, constant(sobel, [2, 1, 3, 3]), { padding: 1 }), inside);
      const select = (channel: number): Tensor =>
        slice(gradient, { axes: [1], starts: [channel], ends: [channel + 1] });
      const gx = select(0);
      const gy = select(1);
      const squared = add(mul(gx, gx), mul(gy, gy));
      const magnitude = sqrt(add(squared, 1e-12));
      const cos2 = div(sub(mul(gx, gx), mul(gy, gy)), add(squared, 1e-9));
      const sin2 = div(mul(mul(gx, gy), 2), add(squared, 1e-9));
      const cos4 = sub(mul(cos2, cos2), mul(sin2, sin2));
      const sin4 = mul(mul(cos2, sin2), 2);
      const channels = mul(concat([cos2, sin2, mul(cos4, fourth), mul(sin4, fourth)], 1), magnitude);
      const density = gaussianBlur(magnitude, after);
      const floor = mul(validMean(magnitude, inside), 0.05);
      const relative = div(gaussianBlur(channels, after), add(add(density, floor), 1e-6));
      return { features: mul(relative, inside), support: inside };
    },
  };
}
