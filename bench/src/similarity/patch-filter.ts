import { patchSide } from './measure.js';

/** Samples of a Gaussian of unit sum out to three deviations. */
export function gaussianTaps(sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const taps = Float32Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-0.5 * ((i - radius) / sigma) ** 2));
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

/** Convolves the rows of a patch, its edge repeated, and turns it over: two calls filter rows and columns. */
function rowsThenTranspose(patch: Float32Array, taps: Float32Array): Float32Array {
  const radius = (taps.length - 1) / 2;
  const out = new Float32Array(patch.length);
  for (let y = 0; y < patchSide; y++) {
    for (let x = 0; x < patchSide; x++) {
      let sum = 0;
      for (let k = -radius; k <= radius; k++) {
        const column = Math.min(patchSide - 1, Math.max(0, x + k));
        sum += taps[k + radius]! * patch[y * patchSide + column]!;
      }
      out[x * patchSide + y] = sum;
    }
  }
  return out;
}

/** A patch smoothed by a Gaussian of standard deviation `sigma` px. */
export function smoothPatch(patch: Float32Array, sigma: number): Float32Array {
  const taps = gaussianTaps(sigma);
  return rowsThenTranspose(rowsThenTranspose(patch, taps), taps);
}

/** Central differences of a square image, 0 on its rim: x and y, per px. */
export function differences(image: Float32Array, side: number): readonly [Float32Array, Float32Array] {
  const [dx, dy] = [new Float32Array(image.length), new Float32Array(image.length)];
  for (let y = 1; y < side - 1; y++) {
    for (let x = 1; x < side - 1; x++) {
      const i = y * side + x;
      dx[i] = (image[i + 1]! - image[i - 1]!) / 2;
      dy[i] = (image[i + side]! - image[i - side]!) / 2;
    }
  }
  return [dx, dy];
}
