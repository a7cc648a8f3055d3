import { add, div, mul, reduceMean, reduceSum, sqrt, sub, type Tensor } from 'onnx-grad';
import { gaussianBlur, gaussianRadius } from './gaussian.js';
import { phaseCongruency } from './phase-congruency.js';
import type { StructureFeatures } from './structure-features.js';
import { erode } from './validity.js';

/** Settings of {@link hopc}. */
export interface HopcOptions {
  readonly orientations?: number | undefined;
  /** Standard deviation of the Gaussian a histogram is taken over, px. */
  readonly cell?: number | undefined;
  /** Standard deviation of the Gaussian a histogram is normalised over, px; 0 brings each to unit length by itself. */
  readonly block?: number | undefined;
  /** Whether histograms lose their mean over the orientations. */
  readonly centred?: boolean | undefined;
  /** Wavelength of a log-Gabor scale over that of the one before. */
  readonly multiplier?: number | undefined;
}

/** Congruency below which a histogram says little. */
const least = 0.02;
/** Px at the border of the valid area that the filters' false edge reaches most. */
const rim = 6;

function lengthOf(x: Tensor, block: number): Tensor {
  const squared = reduceSum(mul(x, x), { axes: [1], keepDims: true });
  return sqrt(add(gaussianBlur(squared, block), 1e-12));
}

/**
 * Histograms of oriented phase congruency (after Ye, Shan, Bruzzone and Shen 2017): at each pixel the phase congruency of each
 * orientation over half a turn, so that reversed contrast changes nothing, summed over a cell and normalised, so that the inner
 * product of two histograms is their similarity.
 *
 * The log-Gabor filters have no sharp end: the margin keeps what matters of them, not all.
 */
export function hopc(options: HopcOptions = {}): StructureFeatures {
  const { orientations = 6, cell = 1.5, block = 0, centred = true, multiplier = 1.6 } = options;
  return {
    name: `hopc(${orientations};${cell};${block};${centred};${multiplier})`,
    channels: orientations,
    margin: 16 + gaussianRadius(block),
    build(image, valid) {
      const support = erode(valid, rim);
      const { congruency } = phaseCongruency(image, valid, { orientations, multiplier });
      const cells = gaussianBlur(mul(congruency, support), cell);
      const mean = reduceMean(cells, { axes: [1], keepDims: true });
      const histograms = centred ? sub(cells, mean) : cells;
      const length = add(lengthOf(histograms, block), least);
      return { features: mul(div(histograms, length), support), support };
    },
  };
}
