import {
  abs,
  add,
  cast,
  concat,
  clip,
  div,
  fft2,
  floor,
  gatherElements,
  maximum,
  mul,
  pad,
  reduceMax,
  reduceSum,
  relu,
  reshape,
  sigmoid,
  slice,
  sqrt,
  sub,
  type Tensor,
  topK,
} from 'onnx-grad';
import { angularFilter, type LogGaborBank, orientationAngle, radialFilters } from './log-gabor.js';
import { validMean } from './validity.js';

/** Settings of {@link phaseCongruency}. */
export interface PhaseCongruencyOptions extends Partial<LogGaborBank> {
  /** Deviations of the noise that are taken off the energy. Default 2. */
  readonly noise?: number | undefined;
  /** Mirrored px added to each side, against the transform's wrap-around. Default 16. */
  readonly padding?: number | undefined;
}

/** Phase congruency of a batch of images. */
export interface PhaseCongruency {
  /** 0 to 1 for each orientation, [N, orientations, H, W]; orientation o is a structure with its normal at firstOrientation + o·π/orientations from +x towards +y. */
  readonly congruency: Tensor;
  /** Filter amplitude summed over scales, [N, orientations, H, W], in standard deviations of the image. */
  readonly amplitude: Tensor;
  /** [N, 1, H, W], large on edges and corners. */
  readonly maxMoment: Tensor;
  /** [N, 1, H, W], large on corners only. */
  readonly minMoment: Tensor;
}

const epsilon = 1e-4;
/** Frequency spread below which congruency is no evidence, and how sharply (Kovesi's `cutOff` and `g`). */
const spreadCut = 0.5;
const spreadGain = 10;
/** Samples of which a median is taken, about. */
const medianSamples = 16_384;

/** The median over the valid pixels of each image: [N, 1, H, W] → [N, 1, 1, 1]; large images are sampled. */
function validMedian(x: Tensor, valid: Tensor): Tensor {
  const [n, , h, w] = x.shape as [number, number, number, number];
  const step = Math.max(1, Math.floor(Math.sqrt((h * w) / medianSamples)));
  const sampled = (image: Tensor): Tensor => {
    const part = slice(image, { axes: [2, 3], starts: [0, 0], ends: [h, w], steps: [step, step] });
    return reshape(part, [n, -1]);
  };
  const mask = sampled(valid);
  // Invalid samples get −1 and sort behind the amplitudes.
  const ranked = topK(sub(mul(sampled(x), mask), sub(1, mask)), mask.shape[1]!).values;
  const middle = cast(floor(mul(reduceSum(mask, { axes: [1], keepDims: true }), 0.5)), 'int64');
  return reshape(relu(gatherElements(ranked, middle, 1)), [n, 1, 1, 1]);
}

/** Zero mean and unit variance over the valid pixels, 0 elsewhere: thresholds then do not depend on gain and offset. */
function standardised(image: Tensor, valid: Tensor): Tensor {
  const centred = mul(sub(image, validMean(image, valid)), valid);
  return div(centred, add(sqrt(validMean(mul(centred, centred), valid)), 1e-12));
}

/** Energy that noise alone would give, from the amplitude of the finest scale, which sees little else (Kovesi 1999, §6). */
function noiseEnergy(finest: Tensor, valid: Tensor, bank: LogGaborBank, deviations: number): Tensor {
  // Amplitudes of white noise are Rayleigh distributed and fall with each scale's wavelength.
  const ratio = 1 / bank.multiplier;
  const total = (1 - ratio ** bank.scales) / (1 - ratio) / Math.sqrt(Math.log(4));
  const factor = Math.sqrt(Math.PI / 2) + deviations * Math.sqrt((4 - Math.PI) / 2);
  return mul(validMedian(finest, valid), total * factor);
}

interface Responses {
  readonly even: Tensor;
  readonly odd: Tensor;
  readonly amplitude: Tensor;
}

/** Energy of the mean phase, less what deviates from it: Σ A(cos Δφ − |sin Δφ|). */
function energyOf({ even, odd }: Responses): Tensor {
  const sum = (x: Tensor): Tensor => reduceSum(x, { axes: [1], keepDims: true });
  const [meanEven, meanOdd] = [sum(even), sum(odd)];
  const length = add(sqrt(add(mul(meanEven, meanEven), mul(meanOdd, meanOdd))), epsilon);
  const [e, o] = [div(meanEven, length), div(meanOdd, length)];
  return sum(sub(add(mul(even, e), mul(odd, o)), abs(sub(mul(even, o), mul(odd, e)))));
}

/** Largest and smallest moment of the congruencies over orientation (Kovesi 2003, eq. 5–9). */
function moments(congruency: readonly Tensor[], bank: LogGaborBank): { maxMoment: Tensor; minMoment: Tensor } {
  const count = congruency.length;
  const weighted = (weight: (angle: number) => number): Tensor =>
    congruency
      .map((pc, o) => mul(mul(pc, pc), (weight(orientationAngle(bank, o)) * 2) / count))
      .reduce((sum, term) => add(sum, term));
  const xx = weighted((a) => Math.cos(a) ** 2);
  const yy = weighted((a) => Math.sin(a) ** 2);
  const xy = weighted((a) => 2 * Math.cos(a) * Math.sin(a));
  const difference = sub(xx, yy);
  const root = sqrt(add(mul(xy, xy), mul(difference, difference)));
  const both = add(xx, yy);
  return { maxMoment: mul(add(both, root), 0.5), minMoment: mul(sub(both, root), 0.5) };
}

/**
 * Phase congruency by log-Gabor filters: where the frequencies of a signal agree in phase there is structure, whatever its
 * contrast (Kovesi, "Image features from phase congruency", 1999, and "Phase congruency detects corners and edges", 2003).
 * Built from matrix products, so that it runs on every engine.
 *
 * @param image - [N, 1, H, W]; @param valid - [N, 1, H, W], 1 or 0
 */
export function phaseCongruency(image: Tensor, valid: Tensor, options: PhaseCongruencyOptions = {}): PhaseCongruency {
  const bank: LogGaborBank = {
    scales: options.scales ?? 4,
    orientations: options.orientations ?? 6,
    firstOrientation: options.firstOrientation ?? 0,
    minWavelength: options.minWavelength ?? 3,
    multiplier: options.multiplier ?? 2.1,
    bandwidth: options.bandwidth ?? 0.55,
  };
  const [, , height, width] = image.shape as [number, number, number, number];
  const padding = Math.min(options.padding ?? 16, height - 1, width - 1);
  const frame: [number, number] = [padding, padding];
  const padded = pad(standardised(image, valid), [frame, frame], { mode: 'reflect' });
  const [H, W] = [height + 2 * padding, width + 2 * padding];
  const spectrum = fft2({ re: padded, im: mul(padded, 0) });
  const radial = radialFilters(bank, H, W);
  const bands = { re: mul(spectrum.re, radial), im: mul(spectrum.im, radial) };
  const crop = (x: Tensor): Tensor =>
    slice(x, { axes: [2, 3], starts: [padding, padding], ends: [padding + height, padding + width] });
  const respond = (orientation: number): Responses => {
    const angular = angularFilter(bank, orientation, H, W);
    const filtered = fft2({ re: mul(bands.re, angular), im: mul(bands.im, angular) }, { inverse: true });
    const [even, odd] = [crop(filtered.re), crop(filtered.im)];
    return { even, odd, amplitude: sqrt(add(mul(even, even), mul(odd, odd))) };
  };
  const congruency: Tensor[] = [];
  const amplitudes: Tensor[] = [];
  for (let o = 0; o < bank.orientations; o++) {
    const responses = respond(o);
    const sum = reduceSum(responses.amplitude, { axes: [1], keepDims: true });
    const largest = reduceMax(responses.amplitude, { axes: [1], keepDims: true });
    const finest = slice(responses.amplitude, { axes: [1], starts: [0], ends: [1] });
    const energy = relu(sub(energyOf(responses), noiseEnergy(finest, valid, bank, options.noise ?? 2)));
    // Congruency over a narrow band is what any one filter shows.
    const spread = mul(sub(div(sum, add(largest, epsilon)), 1), 1 / Math.max(1, bank.scales - 1));
    const weight = sigmoid(mul(sub(spread, spreadCut), spreadGain));
    congruency.push(clip(div(mul(weight, energy), maximum(sum, epsilon)), 0, 1));
    amplitudes.push(sum);
  }
  return { congruency: concat(congruency, 1), amplitude: concat(amplitudes, 1), ...moments(congruency, bank) };
}
