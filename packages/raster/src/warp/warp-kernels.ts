import type { SampleArray } from '../formats/data-type.js';

/** A part of one band of the source, in memory. */
export interface SourceBlock {
  readonly data: SampleArray;
  /** 1 = valid; null where all is. */
  readonly valid: Uint8Array | null;
  /** Where the block begins in the source level, px. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Samples a source block at a row of points.
 * @param points Interleaved source pixel coordinates (corner convention) of `count` target pixel centres; NaN is skipped.
 * @param out Receives `count` values.
 * @param valid Receives 1 where a value was made, 0 elsewhere.
 */
export type RowSampler = (
  block: SourceBlock,
  points: Float64Array,
  count: number,
  out: Float64Array,
  valid: Uint8Array,
) => void;

/** Rounding that keeps a point on the last pixel's far edge inside, as GDAL has it. */
export const tinyStep = 1e-10;

/** The sample the point falls into. */
export const sampleNearest: RowSampler = (block, points, count, out, valid) => {
  const { data, width, height } = block;
  for (let i = 0; i < count; i++) {
    const x = points[2 * i]! - block.x;
    const y = points[2 * i + 1]! - block.y;
    valid[i] = 0;
    // False for NaN as well.
    if (!(x >= 0 && y >= 0 && x <= width + tinyStep && y <= height + tinyStep)) continue;
    const column = Math.min(width - 1, Math.floor(x + tinyStep));
    const row = Math.min(height - 1, Math.floor(y + tinyStep));
    const at = row * width + column;
    if (block.valid && block.valid[at] === 0) continue;
    out[i] = data[at]!;
    valid[i] = 1;
  }
};

/** The weighted mean of the four samples around the point; those outside the image or invalid carry no weight. */
export const sampleBilinear: RowSampler = (block, points, count, out, valid) => {
  const { data, width, height } = block;
  const lastColumn = width - 1;
  const lastRow = height - 1;
  const mask = block.valid;
  for (let i = 0; i < count; i++) {
    const x = points[2 * i]! - block.x;
    const y = points[2 * i + 1]! - block.y;
    if (!(x >= 0 && y >= 0 && x <= width + tinyStep && y <= height + tinyStep)) {
      valid[i] = 0;
      continue;
    }
    const column = Math.floor(x - 0.5);
    const row = Math.floor(y - 0.5);
    if (mask === null && column >= 0 && row >= 0 && column < lastColumn && row < lastRow) {
      const fx = x - 0.5 - column;
      const fy = y - 0.5 - row;
      const at = row * width + column;
      const top = data[at]! + (data[at + 1]! - data[at]!) * fx;
      const bottom = data[at + width]! + (data[at + width + 1]! - data[at + width]!) * fx;
      out[i] = top + (bottom - top) * fy;
      valid[i] = 1;
    } else {
      const value = bilinearAt(block, x, y);
      valid[i] = value === value ? 1 : 0;
      out[i] = value;
    }
  }
};

/** Bilinear with whatever of the four samples there is; NaN where the sample under the point is invalid. */
function bilinearAt(block: SourceBlock, x: number, y: number): number {
  const { data, width, height, valid } = block;
  if (valid) {
    const column = Math.min(width - 1, Math.floor(x + tinyStep));
    const row = Math.min(height - 1, Math.floor(y + tinyStep));
    if (valid[row * width + column] === 0) return Number.NaN;
  }
  const column = Math.floor(x - 0.5);
  const row = Math.floor(y - 0.5);
  const fx = x - 0.5 - column;
  const fy = y - 0.5 - row;
  let sum = 0;
  let weight = 0;
  for (let dy = 0; dy < 2; dy++) {
    if (row + dy < 0 || row + dy >= height) continue;
    for (let dx = 0; dx < 2; dx++) {
      if (column + dx < 0 || column + dx >= width) continue;
      const at = (row + dy) * width + column + dx;
      if (valid && valid[at] === 0) continue;
      const w = (dx ? fx : 1 - fx) * (dy ? fy : 1 - fy);
      sum += w * data[at]!;
      weight += w;
    }
  }
  return weight > 1e-5 ? sum / weight : Number.NaN;
}

/** Keys' cubic over 4×4 samples; bilinear where one of them is outside the image or invalid, as in GDAL. */
export const sampleCubic: RowSampler = (block, points, count, out, valid) => {
  const { data, width, height } = block;
  const mask = block.valid;
  for (let i = 0; i < count; i++) {
    const x = points[2 * i]! - block.x;
    const y = points[2 * i + 1]! - block.y;
    if (!(x >= 0 && y >= 0 && x <= width + tinyStep && y <= height + tinyStep)) {
      valid[i] = 0;
      continue;
    }
    const column = Math.floor(x - 0.5);
    const row = Math.floor(y - 0.5);
    const inside = column >= 1 && row >= 1 && column + 2 < width && row + 2 < height;
    if (!inside || (mask && !allValid(mask, width, column - 1, row - 1))) {
      const value = bilinearAt(block, x, y);
      valid[i] = value === value ? 1 : 0;
      out[i] = value;
      continue;
    }
    const f = x - 0.5 - column;
    const g = y - 0.5 - row;
    // Keys' weights with a = -0.5.
    const w0 = ((-0.5 * f + 1) * f - 0.5) * f;
    const w1 = (1.5 * f - 2.5) * f * f + 1;
    const w2 = ((-1.5 * f + 2) * f + 0.5) * f;
    const w3 = (0.5 * f - 0.5) * f * f;
    const v0 = ((-0.5 * g + 1) * g - 0.5) * g;
    const v1 = (1.5 * g - 2.5) * g * g + 1;
    const v2 = ((-1.5 * g + 2) * g + 0.5) * g;
    const v3 = (0.5 * g - 0.5) * g * g;
    const a = (row - 1) * width + column - 1;
    const b = a + width;
    const c = b + width;
    const d = c + width;
    out[i] =
      v0 * (w0 * data[a]! + w1 * data[a + 1]! + w2 * data[a + 2]! + w3 * data[a + 3]!) +
      v1 * (w0 * data[b]! + w1 * data[b + 1]! + w2 * data[b + 2]! + w3 * data[b + 3]!) +
      v2 * (w0 * data[c]! + w1 * data[c + 1]! + w2 * data[c + 2]! + w3 * data[c + 3]!) +
      v3 * (w0 * data[d]! + w1 * data[d + 1]! + w2 * data[d + 2]! + w3 * data[d + 3]!);
    valid[i] = 1;
  }
};

function allValid(mask: Uint8Array, width: number, column: number, row: number): boolean {
  for (let y = row; y < row + 4; y++) {
    const at = y * width + column;
    if (mask[at] === 0 || mask[at + 1] === 0 || mask[at + 2] === 0 || mask[at + 3] === 0) return false;
  }
  return true;
}
