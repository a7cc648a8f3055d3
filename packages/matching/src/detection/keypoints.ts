import { countInRectangles } from './rectangle-sums.js';
import { chooseSpread, suppressWithin } from './spread.js';

/** Keypoints of an image, best first. */
export interface Keypoints {
  readonly count: number;
  /** x, y, x, y, …: px of the image, corner convention, to a fraction of a pixel. */
  readonly xy: Float64Array;
  /** Confidence of each, 0 to 1. */
  readonly score: Float32Array;
}

/** Which peaks of a confidence map are keypoints. */
export interface KeypointChoice {
  /**
   * So many (fewer where there are fewer peaks), whatever their confidence: the adaptive threshold that the paper leaves to future
   * work. `all` takes every peak. Default 1000.
   */
  readonly count?: number | 'all';
  /**
   * Whether those chosen are spread over the image, as an estimate of geometry wants them, or are simply the strongest, of which more
   * repeat. Default true.
   */
  readonly spread?: boolean;
  /** Least confidence, on the scale of the weights: the shipped detector's keypoints mostly have 0.1 to 0.4. Default 0. */
  readonly threshold?: number;
  /** Within this of a better peak another is none, px; default 2. */
  readonly radius?: number;
  /** Peaks this near the image's border or to invalid ground do not count, px; default 4. */
  readonly border?: number;
}

/** A confidence map of an image. */
export interface ConfidenceMap {
  readonly width: number;
  readonly height: number;
  /** `width * height`; 0 where the image is flat */
  readonly confidence: Float32Array;
  /** 1 where there is ground; absent when everywhere. */
  readonly mask?: Uint8Array;
}

/** Whether the sample is the largest of its 3 × 3; of equal ones the first. */
function isMaximum(values: Float32Array, i: number, width: number): boolean {
  const v = values[i]!;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const other = i + dy * width + dx;
      if (other < i ? values[other]! >= v : other > i && values[other]! > v) return false;
    }
  }
  return true;
}

/** Where a parabola through three values one px apart is highest, px from the middle one: at most a half. */
function vertex(before: number, at: number, after: number): number {
  const curvature = before + after - 2 * at;
  return curvature < 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (before - after)) / curvature)) : 0;
}

/** 1 where everything within `border` px along either axis is valid. */
function interior({ width, height, mask }: ConfidenceMap, border: number): (x: number, y: number) => boolean {
  const inside = (x: number, y: number): boolean =>
    x >= border && y >= border && x < width - border && y < height - border;
  if (mask === undefined) return inside;
  const invalid = countInRectangles(width, height, (i) => mask[i] === 0);
  return (x, y) => inside(x, y) && invalid(x - border, y - border, x + border + 1, y + border + 1) === 0;
}

/** Finds the peaks of a confidence map, refined by parabolas along both axes, and chooses keypoints among them. Where it is 0 there is none. */
export function chooseKeypoints(map: ConfidenceMap, choice: KeypointChoice = {}): Keypoints {
  const { count = 1000, spread = true, threshold = 0, radius = 2, border = 4 } = choice;
  const { width, height, confidence: values } = map;
  const counts = interior(map, Math.max(1, border));
  const peaks: number[] = [];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (values[i]! > 0 && values[i]! >= threshold && isMaximum(values, i, width) && counts(x, y)) peaks.push(i);
    }
  }
  peaks.sort((a, b) => values[b]! - values[a]!);
  const places = new Float64Array(2 * peaks.length);
  for (const [n, i] of peaks.entries()) {
    const x = i % width;
    places[2 * n] = x + 0.5 + vertex(values[i - 1]!, values[i]!, values[i + 1]!);
    places[2 * n + 1] = (i - x) / width + 0.5 + vertex(values[i - width]!, values[i]!, values[i + width]!);
  }
  const wanted = count === 'all' ? peaks.length : count;
  const ranked = { xy: places, width, height };
  const chosen = spread ? chooseSpread(ranked, wanted, radius) : suppressWithin(ranked, radius).slice(0, wanted);
  const xy = new Float64Array(2 * chosen.length);
  for (const [n, from] of chosen.entries()) xy.set(places.subarray(2 * from, 2 * from + 2), 2 * n);
  return { count: chosen.length, xy, score: Float32Array.from(chosen, (n) => values[peaks[n]!]!) };
}
