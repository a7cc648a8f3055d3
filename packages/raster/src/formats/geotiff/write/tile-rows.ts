import { allocateSamples, type DataType, type SampleArray } from '../../data-type.js';
import type { RowBlock } from './write-options.js';

/** Collects rows until a row of tiles is full. */
export interface TileRows {
  /** Bands of `width * tileSize` samples. */
  readonly data: SampleArray[];
  readonly mask: Uint8Array | null;
  filled: number;
}

/** An empty row of tiles over an image. */
export function emptyTileRows(
  width: number,
  tileSize: number,
  bands: number,
  type: DataType,
  masked: boolean,
): TileRows {
  return {
    data: Array.from({ length: bands }, () => allocateSamples(type, width * tileSize)),
    mask: masked ? new Uint8Array(width * tileSize) : null,
    filled: 0,
  };
}

/** Copies rows of a block, from row `from`, as many as fit; returns how many. */
export function takeRows(into: TileRows, block: RowBlock, from: number, width: number, tileSize: number): number {
  const count = Math.min(block.rows - from, tileSize - into.filled);
  for (const [band, target] of into.data.entries()) {
    target.set(block.data[band]!.subarray(from * width, (from + count) * width), into.filled * width);
  }
  if (into.mask) {
    if (block.mask) into.mask.set(block.mask.subarray(from * width, (from + count) * width), into.filled * width);
    else into.mask.fill(1, into.filled * width, (into.filled + count) * width);
  }
  into.filled += count;
  return count;
}

/**
 * Cuts one tile out of a row of tiles; bands interleave. Beyond the image the last column and row repeat, which costs least.
 * @param out Receives `tileSize² * bands.length` samples.
 */
export function cutTile(
  rows: { data: readonly SampleArray[]; filled: number },
  width: number,
  column: number,
  tileSize: number,
  bands: readonly number[],
  out: SampleArray,
): void {
  const samples = bands.length;
  const x0 = column * tileSize;
  const columns = Math.min(tileSize, width - x0);
  for (let y = 0; y < tileSize; y++) {
    const row = Math.min(y, rows.filled - 1) * width + x0;
    for (const [s, band] of bands.entries()) {
      const source = rows.data[band]!;
      if (samples === 1) out.set(source.subarray(row, row + columns), y * tileSize);
      else for (let x = 0; x < columns; x++) out[(y * tileSize + x) * samples + s] = source[row + x]!;
      const last = source[row + columns - 1]!;
      for (let x = columns; x < tileSize; x++) out[(y * tileSize + x) * samples + s] = last;
    }
  }
}

/** Cuts a mask tile; beyond the image nothing is valid. */
export function cutMaskTile(
  mask: Uint8Array,
  filled: number,
  width: number,
  column: number,
  tileSize: number,
): Uint8Array {
  const out = new Uint8Array(tileSize * tileSize);
  const x0 = column * tileSize;
  const columns = Math.min(tileSize, width - x0);
  for (let y = 0; y < filled; y++) {
    out.set(mask.subarray(y * width + x0, y * width + x0 + columns), y * tileSize);
  }
  return out;
}
