import { div, maximum, mul, reduceSum, sqrt, type Tensor } from 'onnx-grad';
import { type Band, type Spectrum, evaluateSpectrum, spectrumOf, timesConjugate } from './band-limited.js';

function sumChannels(s: Spectrum): Spectrum {
  return {
    re: reduceSum(s.re, { axes: [1], keepDims: true }),
    im: reduceSum(s.im, { axes: [1], keepDims: true }),
  };
}

/** Sum over channels of squares, [N, C, H, W] → [N, 1, H, W]. */
export function energyOf(features: Tensor): Tensor {
  return reduceSum(mul(features, features), { axes: [1], keepDims: true });
}

/**
 * Normalised correlation of templates with the search areas around them: Σ T·S / √(Σ T² · Σ S²), the second sum over the valid
 * part of the template only, so that a masked corner does not lower the score.
 *
 * @param template - features [N, C, t, t]
 * @param templateValid - [N, 1, t, t], 1 where the template has features
 * @param search - features [N, C, s, s]; displacement 0 puts the template in the middle
 * @param radius - largest displacement, px: (s − t) / 2
 * @param bandwidth - highest frequency kept, cycles per px
 * @returns scores [N, 1, 2·radius+1, 2·radius+1], displacement (−radius, −radius) first
 */
export function normalisedCorrelation(
  template: Tensor,
  templateValid: Tensor,
  search: Tensor,
  radius: number,
  bandwidth: number,
): Tensor {
  const size = search.shape[3]!;
  const band: Band = { period: size, count: Math.min(Math.ceil(size * bandwidth) + 1, Math.floor(size / 2)) };
  const positions = Array.from({ length: 2 * radius + 1 }, (_, i) => i);
  const product = timesConjugate(spectrumOf(search, band), spectrumOf(template, band));
  const correlation = evaluateSpectrum(sumChannels(product), band, positions, positions);
  // Energies vary slowly: half of the band is enough.
  const slow: Band = { period: size, count: Math.max(2, Math.ceil(band.count / 2)) };
  const covered = timesConjugate(spectrumOf(energyOf(search), slow), spectrumOf(templateValid, slow));
  const searchEnergy = evaluateSpectrum(covered, slow, positions, positions);
  const templateEnergy = reduceSum(energyOf(template), { axes: [1, 2, 3], keepDims: true });
  // A tenth of the full area is the least that makes a score.
  const least = 0.1 * template.shape[2]! * template.shape[3]!;
  return div(correlation, sqrt(mul(maximum(searchEnergy, least), maximum(templateEnergy, least))));
}
