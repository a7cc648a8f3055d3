import { constant, type Tensor } from 'onnx-grad';

/** A bank of log-Gabor filters. */
export interface LogGaborBank {
  readonly scales: number;
  /** Orientations over half a turn. */
  readonly orientations: number;
  /** The first of them, radians from +x towards +y. */
  readonly firstOrientation: number;
  /** Wavelength of the finest scale, px. */
  readonly minWavelength: number;
  /** Wavelength of a scale over that of the one before. */
  readonly multiplier: number;
  /** Width of a filter over its centre frequency: 0.55 is about two octaves. */
  readonly bandwidth: number;
}

/** Direction of the normal of the structure that orientation `index` sees, radians from +x towards +y. */
export function orientationAngle(bank: Pick<LogGaborBank, 'orientations' | 'firstOrientation'>, index: number): number {
  return bank.firstOrientation + (index * Math.PI) / bank.orientations;
}

/** Signed frequency of DFT bin `k` of `n`, cycles per px. */
function frequency(k: number, n: number): number {
  return (2 * k <= n ? k : k - n) / n;
}

function overFrequencies(
  planes: number,
  height: number,
  width: number,
  value: (plane: number, u: number, v: number) => number,
): Tensor {
  const data = new Float32Array(planes * height * width);
  let i = 0;
  for (let p = 0; p < planes; p++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) data[i++] = value(p, frequency(x, width), frequency(y, height));
    }
  }
  return constant(data, [1, planes, height, width]);
}

/**
 * The radial parts [1, scales, H, W] over the bins of `fft2`: Gaussians of the logarithm of frequency about each scale's centre,
 * without a constant part, and without the corners of the spectrum, where orientation is ill defined.
 */
export function radialFilters(bank: LogGaborBank, height: number, width: number): Tensor {
  const spread = 2 * Math.log(bank.bandwidth) ** 2;
  return overFrequencies(bank.scales, height, width, (s, u, v) => {
    const radius = Math.hypot(u, v);
    if (radius === 0) return 0;
    const octaves = Math.log(radius * bank.minWavelength * bank.multiplier ** s);
    return Math.exp((-octaves * octaves) / spread) / (1 + (radius / 0.45) ** 30);
  });
}

/**
 * The angular part [1, 1, H, W] of an orientation, a raised cosine two orientation steps to either side, on one half of the
 * spectrum only: the real part of the filtered image is the even response and the imaginary part the odd one.
 */
export function angularFilter(bank: LogGaborBank, index: number, height: number, width: number): Tensor {
  const centre = orientationAngle(bank, index);
  return overFrequencies(1, height, width, (_, u, v) => {
    const theta = Math.atan2(v, u) - centre;
    const distance = Math.abs(Math.atan2(Math.sin(theta), Math.cos(theta)));
    return (1 + Math.cos(Math.min((distance * bank.orientations) / 2, Math.PI))) / 2;
  });
}
