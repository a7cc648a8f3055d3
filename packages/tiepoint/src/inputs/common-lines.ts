import { median } from '@tiepoint/geometry';

/** Fine detail of two planes on the same pixels, 0 where either has none. */
export interface DetailPair {
  readonly width: number;
  readonly height: number;
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly valid: Uint8Array;
}

/** How far lines may lean from one end of the image to the other, px: sheets are scanned a little askew. */
const mostLean = 8;
/** Part of its length that a line has to lie on ground that both planes have. */
const leastLength = 0.5;
/** Deviations of the means along parallels by which a line stands out: in one plane, and at least in the other, where it may be dark on dark. */
const outstanding = { one: 6, other: 2.5 } as const;

/** Column of a line at a row: `at` in its middle. */
const columnAt = (at: number, lean: number, y: number, height: number): number =>
  at + Math.round(lean * ((y + 0.5) / height - 0.5));

/** Means of many lines as deviations from those of all; 0 where there is none. */
function standing(means: Float64Array): Float64Array {
  const known = means.filter((mean) => !Number.isNaN(mean));
  if (known.length === 0) return means.map(() => 0);
  const middle = median(known);
  const deviation = 1.4826 * median(known.map((mean) => Math.abs(mean - middle)));
  return means.map((mean) => (Number.isNaN(mean) || deviation === 0 ? 0 : (mean - middle) / deviation));
}

/** Leans that are tried, px from one end of the image to the other. */
const leans = Array.from({ length: 2 * mostLean + 1 }, (_, i) => i - mostLean);

/** Rows at which a line of any lean goes over to the next column: between two of them all lines run straight down. */
function bandStarts(height: number): readonly number[] {
  const isStart = (y: number): boolean =>
    y === 0 || leans.some((lean) => columnAt(0, lean, y, height) !== columnAt(0, lean, y - 1, height));
  return Array.from({ length: height }, (_, y) => y).filter(isStart);
}

/** Sums of the values of each column in each band of rows, `width` a band. */
function bandSums(
  values: Float32Array | Uint8Array,
  width: number,
  height: number,
  starts: readonly number[],
): Float64Array {
  const sums = new Float64Array(starts.length * width);
  for (const [band, start] of starts.entries()) {
    const end = starts[band + 1] ?? height;
    for (let y = start; y < end; y++) {
      for (let x = 0; x < width; x++) sums[band * width + x]! += values[y * width + x]!;
    }
  }
  return sums;
}

/** Marks the lines that run down both planes at the same pixels, as bright or as dark in either. */
function markColumns(pair: DetailPair, mark: (x: number, y: number) => void): void {
  const { width, height } = pair;
  const starts = bandStarts(height);
  // What is not valid is 0 in all of them.
  const [first, second, valid] = [pair.first, pair.second, pair.valid].map((values) =>
    bandSums(values, width, height, starts),
  ) as [Float64Array, Float64Array, Float64Array];
  for (const lean of leans) {
    const [sumsA, sumsB, counts] = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
    for (const [band, start] of starts.entries()) {
      const offset = columnAt(0, lean, start, height);
      const row = band * width + offset;
      for (let at = Math.max(0, -offset); at < Math.min(width, width - offset); at++) {
        sumsA[at]! += first[row + at]!;
        sumsB[at]! += second[row + at]!;
        counts[at]! += valid[row + at]!;
      }
    }
    const mean = (sum: number, at: number): number =>
      counts[at]! >= leastLength * height ? sum / counts[at]! : Number.NaN;
    const [a, b] = [standing(sumsA.map(mean)), standing(sumsB.map(mean))];
    for (let at = 0; at < width; at++) {
      const [most, least] = [
        Math.max(Math.abs(a[at]!), Math.abs(b[at]!)),
        Math.min(Math.abs(a[at]!), Math.abs(b[at]!)),
      ];
      if (most < outstanding.one || least < outstanding.other || a[at]! * b[at]! < 0) continue;
      for (let y = 0; y < height; y++) mark(columnAt(at, lean, y, height), y);
    }
  }
}

function transposed<T extends Float32Array | Uint8Array>(values: T, width: number, height: number): T {
  const out = values.slice() as T;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) out[x * height + y] = values[y * width + x]!;
  return out;
}

/**
 * Straight thin lines that both planes carry from one side to the other at the same pixels, as graticules are drawn. Along their
 * whole length they are seen where no part of them is.
 *
 * @returns 1 on them
 */
export function commonLines(pair: DetailPair): Uint8Array {
  const { width, height } = pair;
  const lines = new Uint8Array(width * height);
  const mark = (x: number, y: number): void => {
    if (x >= 0 && y >= 0 && x < width && y < height) lines[y * width + x] = 1;
  };
  markColumns(pair, mark);
  const turned: DetailPair = {
    width: height,
    height: width,
    first: transposed(pair.first, width, height),
    second: transposed(pair.second, width, height),
    valid: transposed(pair.valid, width, height),
  };
  markColumns(turned, (x, y) => mark(y, x));
  return lines;
}
