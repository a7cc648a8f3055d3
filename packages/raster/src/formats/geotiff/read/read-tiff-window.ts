import { allocateSamples, type SampleArray } from '../../data-type.js';
import type { PixelWindow } from '../../raster-file.js';
import { truncated } from '../../../source/byte-source.js';
import { compressionTraits, loadDecoder } from './decoder.js';
import { readBlock } from './tiff-block.js';
import { corrupt } from './tiff-directory.js';
import { blockRowBytes, locateBlock, possibleRows, type TiffImage } from './tiff-image.js';
import { Compression } from '../tiff-tags.js';

/** Blocks decoded at a time; zlib has four threads. */
const parallelBlocks = 8;

/**
 * Reads samples of a window, one array a band. Blocks that were never written read as `fill`.
 * @param bands Sample indices from 0.
 * @throws {TiepointError} `file-truncated`, `file-corrupt`, `unsupported-compression`.
 */
export async function readTiffWindow(
  image: TiffImage,
  bands: readonly number[],
  window: PixelWindow,
  fill: number,
  signal?: AbortSignal,
): Promise<SampleArray[]> {
  const firstColumn = Math.floor(window.x / image.blockWidth);
  const lastColumn = Math.floor((window.x + window.width - 1) / image.blockWidth);
  const firstRow = Math.floor(window.y / image.blockHeight);
  const lastRow = Math.floor((window.y + window.height - 1) / image.blockHeight);
  const planes = image.planar
    ? bands.map((band, slot) => ({ plane: band, slots: [slot] }))
    : [{ plane: 0, slots: bands.map((_, slot) => slot) }];
  const jobs: { column: number; row: number; plane: number; slots: number[] }[] = [];
  for (const { plane, slots } of planes) {
    for (let row = firstRow; row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) jobs.push({ column, row, plane, slots });
    }
  }
  // Nothing of the window's size is allocated before its blocks are known to hold that much.
  for (const job of jobs) await checkLocation(image, job, window, signal);
  const out = bands.map(() => allocateSamples(image.dataType, window.width * window.height));
  if (fill !== 0) for (const band of out) band.fill(fill);

  let next = 0;
  const work = async (): Promise<void> => {
    for (let job = jobs[next++]; job; job = jobs[next++]) {
      signal?.throwIfAborted();
      await copyBlock(image, job, bands, window, out, signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallelBlocks, jobs.length) }, work));
  return out;
}

async function checkLocation(
  image: TiffImage,
  job: { column: number; row: number; plane: number },
  window: PixelWindow,
  signal: AbortSignal | undefined,
): Promise<void> {
  const index = (job.plane * image.blocksDown + job.row) * image.blocksAcross + job.column;
  const { size, offset } = await locateBlock(image, index, signal);
  if (size === 0) return;
  const { source } = image.tiff;
  const top = job.row * image.blockHeight;
  if (image.compression === Compression.none) {
    const byteCount = blockRowBytes(image) * (Math.min(window.y + window.height, top + image.blockHeight) - top);
    if (offset + byteCount > source.size) throw truncated(source, offset, byteCount);
    return;
  }
  // Says which compression is not known, before its data are taken for damaged.
  if (compressionTraits(image.compression) === null) await loadDecoder(image.compression, source.name);
  if (offset + size > source.size) throw truncated(source, offset, size);
  const due = Math.min(image.blockHeight, image.height - top);
  if (possibleRows(image, size) < due) {
    throw corrupt(source, `block ${index} has ${size} bytes and cannot hold ${due} rows`, size);
  }
}

async function copyBlock(
  image: TiffImage,
  job: { column: number; row: number; plane: number; slots: number[] },
  bands: readonly number[],
  window: PixelWindow,
  out: readonly SampleArray[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const blockX = job.column * image.blockWidth;
  const blockY = job.row * image.blockHeight;
  const x0 = Math.max(window.x, blockX);
  const x1 = Math.min(window.x + window.width, blockX + image.blockWidth);
  const y0 = Math.max(window.y, blockY);
  const y1 = Math.min(window.y + window.height, blockY + image.blockHeight);
  const rows = { first: y0 - blockY, count: y1 - y0 };
  const block = await readBlock(image, job.column, job.row, job.plane, rows, signal);
  if (!block) return;
  const stride = image.planar ? 1 : image.samplesPerPixel;
  for (const slot of job.slots) {
    const target = out[slot]!;
    const sample = image.planar ? 0 : bands[slot]!;
    for (let y = y0; y < y1; y++) {
      let from = (y - blockY - block.firstRow) * block.rowLength + (x0 - blockX) * stride + sample;
      let to = (y - window.y) * window.width + x0 - window.x;
      if (stride === 1) {
        target.set(block.data.subarray(from, from + x1 - x0), to);
      } else {
        for (const end = to + x1 - x0; to < end; to++, from += stride) target[to] = block.data[from]!;
      }
    }
  }
}
