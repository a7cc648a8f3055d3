import { median, type Plane } from '@tiepoint/geometry';

/** How SAR samples are scaled: power (sigma naught, intensity), amplitude (its root), or decibels. */
export type SarScale = 'power' | 'amplitude' | 'decibel';

/** What the samples say of their scale. */
export interface SarScaleFinding {
  readonly scale: SarScale;
  /** 0 to 1: how clearly the samples tell this scale from the next likely one. */
  readonly confidence: number;
  /** One sentence with the figures it rests on. */
  readonly reason: string;
}

/** Side of the windows whose statistics are taken, px: small enough to lie in one field, large enough for a skewness. */
const windowSide = 15;
/** Windows looked at. */
const maxWindows = 4000;

/**
 * Tells the scale of a SAR image from its speckle. In windows of one surface, multiplicative speckle of any number of
 * looks has a skewness of 2 coefficients of variation in power (gamma) and of about 1 in amplitude (Nakagami), while in
 * decibels the skewness is negative and the standard deviation does not grow with the mean.
 * @param plane Samples as stored; complex ones as magnitude, which is amplitude.
 * @returns null where there are too few valid samples, or none that vary.
 */
export function detectSarScale(plane: Plane): SarScaleFinding | null {
  const windows = windowStatistics(plane);
  if (windows.length < 12) return null;
  const negative = windows.filter((w) => w.min < 0).length / windows.length;
  if (negative > 0.05) {
    return {
      scale: 'decibel',
      confidence: Math.min(1, 0.8 + negative / 5),
      reason: `${percent(negative)} of the windows hold negative samples, which power and amplitude never do`,
    };
  }
  // Windows of one surface are the steadier half: texture and edges only add variation.
  const steady = windows.toSorted((a, b) => a.variation - b.variation).slice(0, Math.max(12, windows.length >> 1));
  const growth = slopeOfSd(windows);
  const skewRatio = median(steady.map((w) => w.skewness / w.variation));
  const variation = median(steady.map((w) => w.variation));
  const figures = `skewness ${skewRatio.toFixed(2)} coefficients of variation (${variation.toFixed(2)}), sd ∝ mean^${growth.toFixed(2)}`;
  // Decibels that were shifted to be positive: the spread does not follow the mean.
  if (growth < 0.35 && skewRatio < 0.5) {
    return { scale: 'decibel', confidence: Math.min(1, (0.5 - growth) * 2), reason: figures };
  }
  const scale = skewRatio > 1.5 ? 'power' : 'amplitude';
  return { scale, confidence: Math.min(1, Math.abs(skewRatio - 1.5) * 2), reason: figures };
}

/**
 * Samples as the logarithm matching works on, in decibels of power, so that all scales come out alike.
 * Zero and less (in power and amplitude) are invalid. The mask of the result says so.
 */
export function sarToDecibel(plane: Plane, scale: SarScale): Plane {
  const { width, height } = plane;
  const data = new Float32Array(plane.data.length);
  let mask = plane.mask;
  const factor = scale === 'amplitude' ? 20 : 10;
  for (let i = 0; i < data.length; i++) {
    const value = plane.data[i]!;
    if (scale === 'decibel') data[i] = value;
    else if (value > 0) data[i] = factor * Math.log10(value);
    else if (!mask || mask[i] === 1) {
      if (!mask || mask === plane.mask) mask = mask ? mask.slice() : new Uint8Array(data.length).fill(1);
      mask[i] = 0;
    }
  }
  return mask ? { width, height, data, mask } : { width, height, data };
}

interface WindowStatistics {
  readonly min: number;
  readonly mean: number;
  readonly sd: number;
  /** Coefficient of variation. */
  readonly variation: number;
  readonly skewness: number;
}

function windowStatistics(plane: Plane): WindowStatistics[] {
  const across = Math.floor(plane.width / windowSide);
  const down = Math.floor(plane.height / windowSide);
  const step = Math.max(1, Math.ceil(Math.sqrt((across * down) / maxWindows)));
  const out: WindowStatistics[] = [];
  for (let r = 0; r < down; r += step) {
    for (let c = 0; c < across; c += step) {
      const found = statisticsOf(plane, c * windowSide, r * windowSide);
      if (found) out.push(found);
    }
  }
  return out;
}

function statisticsOf(plane: Plane, x: number, y: number): WindowStatistics | null {
  let n = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  const at = (row: number, column: number): number => (y + row) * plane.width + x + column;
  for (let row = 0; row < windowSide; row++) {
    for (let column = 0; column < windowSide; column++) {
      const i = at(row, column);
      if (plane.mask && plane.mask[i] === 0) continue;
      const value = plane.data[i]!;
      n++;
      sum += value;
      if (value < min) min = value;
    }
  }
  if (n < (windowSide * windowSide) / 2) return null;
  const mean = sum / n;
  let second = 0;
  let third = 0;
  for (let row = 0; row < windowSide; row++) {
    for (let column = 0; column < windowSide; column++) {
      const i = at(row, column);
      if (plane.mask && plane.mask[i] === 0) continue;
      const d = plane.data[i]! - mean;
      second += d * d;
      third += d * d * d;
    }
  }
  const sd = Math.sqrt(second / n);
  if (!(sd > 0)) return null;
  return { min, mean, sd, variation: sd / Math.abs(mean), skewness: third / n / sd ** 3 };
}

/** The exponent p of sd ∝ mean^p over windows: 1 for multiplicative speckle, 0 for additive. */
function slopeOfSd(windows: readonly WindowStatistics[]): number {
  const usable = windows.filter((w) => w.mean > 0);
  const xs = usable.map((w) => Math.log(w.mean));
  const ys = usable.map((w) => Math.log(w.sd));
  const mx = xs.reduce((a, b) => a + b, 0) / xs.length;
  const my = ys.reduce((a, b) => a + b, 0) / ys.length;
  let xy = 0;
  let xx = 0;
  for (const [i, x] of xs.entries()) {
    xy += (x - mx) * (ys[i]! - my);
    xx += (x - mx) ** 2;
  }
  // An image of one surface says nothing of growth: assume speckle.
  return xx / xs.length > 1e-4 ? xy / xx : 1;
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}
