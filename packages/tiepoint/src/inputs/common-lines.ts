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

/** Means of values along lines of one lean that begin at every column, as deviations from those of all; 0 where too little is valid. */
function standing(values: Float32Array, { width, height, valid }: DetailPair, lean: number): Float64Array {
  const [sums, counts] = [new Float64Array(width), new Uint32Array(width)];
  // Row by row, as pixels lie in memory.
  for (let y = 0; y < height; y++) {
    const offset = columnAt(0, lean, y, height);
    const row = y * width + offset;
    const [from, to] = [Math.max(0, -offset), Math.min(width, width - offset)];
    for (let at = from; at < to; at++) {
      if (valid[row + at] === 0) continue;
      sums[at]! += values[row + at]!;
      counts[at]!++;
    }
  }
  const means = sums.map((sum, at) => (counts[at]! >= leastLength * height ? sum / counts[at]! : Number.NaN));
  const known = means.filter((mean) => !Number.isNaN(mean));
  if (known.length === 0) return means.fill(0);
  const middle = median(known);
  const deviation = 1.4826 * median(known.map((mean) => Math.abs(mean - middle)));
  return means.map((mean) => (Number.isNaN(mean) || deviation === 0 ? 0 : (mean - middle) / deviation));
}

/** Marks the lines that run down both planes at the same pixels, as bright or as dark in either. */
function markColumns(pair: DetailPair, mark: (x: number, y: number) => void): void {
  for (let lean = -mostLean; lean <= mostLean; lean++) {
    const [a, b] = [standing(pair.first, pair, lean), standing(pair.second, pair, lean)];
    for (let at = 0; at < pair.width; at++) {
      const [most, least] = [
        Math.max(Math.abs(a[at]!), Math.abs(b[at]!)),
        Math.min(Math.abs(a[at]!), Math.abs(b[at]!)),
      ];
      if (most < outstanding.one || least < outstanding.other || a[at]! * b[at]! < 0) continue;
      for (let y = 0; y < pair.height; y++) mark(columnAt(at, lean, y, pair.height), y);
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
