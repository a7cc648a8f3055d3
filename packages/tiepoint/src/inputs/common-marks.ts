import { quantile } from '@tiepoint/geometry';
import type { Pyramid } from '@tiepoint/matching';
import { boxMean } from './box-mean.js';
import { commonLines } from './common-lines.js';
import { detailOf, overlapOfPixels, type PixelOverlap } from './pixel-overlap.js';

/** What two files carry at the same pixels though the ground does not: collars, frames, text, lines, watermarks, dust. */
export interface CommonMarks {
  /** 1 where marks lie, with a rim; of both planes as far as they overlap pixel on pixel. */
  readonly mask: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Px of the planes a px of the mask. */
  readonly step: number;
  /** Share of the overlap that they take up, rim included. */
  readonly share: number;
}

/** Grey levels of 255 by which equal marks differ at most, share of a square that must be equal, and the square's half side, px. */
const equality = { levels: 8, share: 0.8, half: 3 } as const;
/** Half side of the squares over which agreement is averaged, px. */
const averagedOver = 3;
/** Shifts at which ground agrees by chance only, px; two of them along the axes, so that long straight marks set a limit their rims do not reach. */
const aside: readonly (readonly [number, number])[] = [
  [17, 0],
  [0, -17],
  [13, 11],
  [-9, 21],
];
/**
 * Shifts at which a mark's details no longer agree, but those of ground that lies nearly on itself do, px: along neither axis, as
 * lines and frames agree with themselves there.
 */
const near: readonly (readonly [number, number])[] = [
  [3, 3],
  [-3, 3],
  [-3, -3],
  [3, -3],
  [5, 2],
  [-2, 5],
  [-5, -2],
  [2, -5],
];
/** Marks agree at least this much more often at their place than near it. */
const leastPeak = 1.2;
/** Of the agreement aside every so many pixels are looked at. */
const sampleEvery = 11;
/** Marks are sought at most at this size, px of the longer side: larger images are averaged down. */
const largestSide = 1024;
/** Agreement that the given share of pixels aside stays below is a mark's; connected pixels with this part of it belong to it. */
const agreementLimits = { quantile: 0.998, connected: 0.35, reach: 2 } as const;
/** Rim around marks: what filters carry beyond them, px. */
const rim = 3;
/** Shares of equal and of sharply agreeing pixels from which there are marks: ground at other shifts stays below. */
const leastShares = { equal: 0.003, sharp: 0.006 } as const;
/** Beyond this share, rim included, the images are alike as such, two dates, two bands, one image twice, or there are marks all over. */
const alikeShare = 0.6;
/**
 * Words all over an image, a watermark: of the pixels whose agreement is connected this share agrees beyond all chance, where ground
 * that lies on itself agrees evenly; and there is ground left between them.
 */
const allOver = { sharp: 0.3, most: 0.5 } as const;

/** What a 255th of the values' range is, outliers aside. */
function greyLevel({ a, b, valid }: PixelOverlap): number {
  const sample: number[] = [];
  const step = Math.max(1, Math.floor(a.length / 20_000));
  for (let i = 0; i < a.length; i += step) if (valid[i] === 1) sample.push(a[i]!, b[i]!);
  return (quantile(sample, 0.998) - quantile(sample, 0.002)) / 255;
}

/** 1 where values are at least so large, or so low. */
function above(values: Float32Array, limit: number, sign: 1 | -1 = 1): Uint8Array {
  const out = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) if (sign * values[i]! >= limit) out[i] = 1;
  return out;
}

/** Pixels in whose surroundings nearly all are equal. */
function equalPixels(overlap: PixelOverlap): Uint8Array {
  const { width, height, a, b, valid } = overlap;
  const tolerance = equality.levels * greyLevel(overlap);
  const equal = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) if (valid[i] === 1 && Math.abs(a[i]! - b[i]!) <= tolerance) equal[i] = 1;
  return above(boxMean(equal, width, height, equality.half), equality.share);
}

/** How well the details of both planes agree around each pixel where one is shifted. */
function agreementAt(
  first: Float32Array,
  second: Float32Array,
  { width, height }: PixelOverlap,
  [dx, dy]: readonly [number, number],
): Float32Array {
  const product = new Float32Array(width * height);
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
    for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x++) {
      product[y * width + x] = first[y * width + x]! * second[(y + dy) * width + x + dx]!;
    }
  }
  return boxMean(product, width, height, averagedOver);
}

/** The agreement that chance stays below, sampled over shifts aside: as {@link agreementAt} has it, at some pixels. */
function chanceAgreement(first: Float32Array, second: Float32Array, { width, height }: PixelOverlap): number {
  const perShift = Math.ceil((width * height) / sampleEvery);
  const sample = new Float64Array(aside.length * perShift);
  for (const [k, [dx, dy]] of aside.entries()) {
    for (let s = 0; s < perShift; s++) {
      const [x, y] = [(s * sampleEvery) % width, Math.floor((s * sampleEvery) / width)];
      const [left, right] = [Math.max(0, x - averagedOver), Math.min(width, x + averagedOver + 1)];
      const [top, bottom] = [Math.max(0, y - averagedOver), Math.min(height, y + averagedOver + 1)];
      const [from, to] = [Math.max(left, -dx), Math.min(right, width - dx)];
      let sum = 0;
      for (let v = Math.max(top, -dy); v < Math.min(bottom, height - dy); v++) {
        const [row, other] = [v * width, (v + dy) * width + dx];
        for (let u = from; u < to; u++) sum += first[row + u]! * second[other + u]!;
      }
      sample[k * perShift + s] = sum / ((right - left) * (bottom - top));
    }
  }
  return quantile(sample, agreementLimits.quantile);
}

/**
 * Whether details agree, or contradict each other, near their place as often as on it: then it is the ground, a few pixels off
 * or with its contrast turned, whose edges meet.
 */
function isGround(
  first: Float32Array,
  second: Float32Array,
  overlap: PixelOverlap,
  limit: number,
  share: number,
): boolean {
  const contrary = (map: Float32Array): number => shareOf(above(map, limit, -1), overlap.valid);
  if (contrary(agreementAt(first, second, overlap, [0, 0])) * leastPeak > share) return true;
  return near.some((shift) => {
    const map = agreementAt(first, second, overlap, shift);
    return Math.max(shareOf(above(map, limit), overlap.valid), contrary(map)) * leastPeak > share;
  });
}

/** Grows seeds over pixels near them whose agreement is above a limit. */
function grow(seeds: Uint8Array, agreement: Float32Array, limit: number, width: number, height: number): Uint8Array {
  const grown = seeds.slice();
  const open: number[] = [];
  for (let i = 0; i < seeds.length; i++) if (seeds[i] === 1) open.push(i);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [x, y] = [next % width, Math.floor(next / width)];
    const { reach } = agreementLimits;
    for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
      for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++) {
        const i = v * width + u;
        if (grown[i] === 1 || !(agreement[i]! > limit)) continue;
        grown[i] = 1;
        open.push(i);
      }
    }
  }
  return grown;
}

function shareOf(mask: Uint8Array, valid: Uint8Array): number {
  let [count, all] = [0, 0];
  for (let i = 0; i < valid.length; i++) {
    all += valid[i]!;
    count += valid[i]! & mask[i]!;
  }
  return count / Math.max(all, 1);
}

/**
 * Finds what both planes carry at the same pixels: where grey values are equal, fine detail agrees more sharply than it does at
 * any shift aside, or straight lines run through both. Ground of two sensors that lies on itself agrees there too, but far less, unless the images are alike as such,
 * which is no mark.
 *
 * @returns null where there are none, or the images are alike
 */
export function findCommonMarks(reference: Pyramid, sensed: Pyramid): CommonMarks | null {
  const { width: fullWidth, height: fullHeight } = reference.levels[0]!;
  const level = Math.max(0, Math.ceil(Math.log2(Math.max(fullWidth, fullHeight) / largestSide)));
  const [fixed, moving] = [reference.levels[level], sensed.levels[level]];
  if (fixed === undefined || moving === undefined) return null;
  const overlap = overlapOfPixels(fixed, moving);
  const { width, height, a, b, valid } = overlap;
  const equal = equalPixels(overlap);
  const [first, second] = [detailOf(a, overlap), detailOf(b, overlap)];
  const limit = chanceAgreement(first, second, overlap);
  const agreement = agreementAt(first, second, overlap, [0, 0]);
  const sharp = above(agreement, limit);
  const sharpShare = shareOf(sharp, valid);
  const isSharp = sharpShare >= leastShares.sharp && !isGround(first, second, overlap, limit, sharpShare);
  const lines = commonLines({ width, height, first, second, valid });
  if (shareOf(equal, valid) < leastShares.equal && !isSharp && !lines.includes(1)) return null;
  const seeds = isSharp ? equal.map((v, i) => v | sharp[i]!) : equal;
  const grown = grow(seeds, agreement, agreementLimits.connected * limit, width, height);
  const withRim = (marks: Uint8Array): Uint8Array =>
    above(boxMean(new Float32Array(marks), width, height, rim), Number.EPSILON);
  const grownShare = shareOf(grown, valid);
  const isEverywhere = shareOf(withRim(grown), valid) > alikeShare;
  const isAllOver = isEverywhere && grownShare <= allOver.most && sharpShare > allOver.sharp * grownShare;
  if (isEverywhere && !isAllOver && !lines.includes(1)) return null;
  const mask = withRim(isEverywhere ? lines : grown.map((v, i) => v | lines[i]!));
  // A rim would leave no ground between letters; agreement is averaged over squares and reaches beyond them anyway.
  if (isAllOver) for (let i = 0; i < mask.length; i++) mask[i]! |= grown[i]!;
  return { mask, width, height, step: 2 ** level, share: shareOf(mask, valid) };
}
