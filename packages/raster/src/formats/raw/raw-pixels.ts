import { TiepointError } from '@tiepoint/geometry';
import { type ByteSource, readExactly, truncated } from '../../source/byte-source.js';
import { allocateSamples, bytesPerSample, partType, type SampleArray } from '../data-type.js';
import { samplesFromBytes, toMachineOrder } from '../geotiff/codecs/sample-bytes.js';
import type { NativePixels, PixelSource } from '../pixel-source.js';
import type { BandInfo, PixelWindow } from '../raster-file.js';

/** Where the samples of a band stand in a file without a structure of its own; bytes. */
export interface RawBand {
  readonly info: BandInfo;
  readonly source: ByteSource;
  /** Of the first sample. */
  readonly offset: number;
  /** From a sample to the next of its row, and from a row to the next. */
  readonly pixelStep: number;
  readonly rowStep: number;
  readonly littleEndian: boolean;
}

/** Bytes read at a time. */
const chunkBytes = 16 * 1024 * 1024;
/** Rows are read together, with what lies between them, up to this many times what is wanted. */
const worthSkipping = 4;

/** The pixels of raw bands of one size. @throws {TiepointError} `file-truncated` where the file ends before the last sample. */
export function rawPixels(
  name: string,
  size: { width: number; height: number },
  bands: readonly RawBand[],
): PixelSource {
  for (const band of bands) checkExtent(size, band);
  const readAll = async (
    chosen: readonly RawBand[],
    window: PixelWindow,
    signal: AbortSignal | undefined,
  ): Promise<NativePixels> => {
    const data: SampleArray[] = [];
    for (const band of chosen) data.push(await readBand(band, window, signal));
    return { data, mask: null };
  };
  return {
    name,
    bands: bands.map(({ info }) => info),
    levels: [{ ...size, blockHeight: 1 }],
    read: (_level, wanted, window, signal) =>
      readAll(
        wanted.map((index) => bands[index]!),
        window,
        signal,
      ),
    readParts: bands.every(({ info }) => partType(info.dataType) !== null)
      ? (_level, wanted, window, signal) =>
          readAll(
            wanted.flatMap((index) => partsOf(bands[index]!)),
            window,
            signal,
          )
      : undefined,
  };
}

/** Both parts of a complex band, as bands of their own. */
function partsOf(band: RawBand): RawBand[] {
  const dataType = partType(band.info.dataType)!;
  const real = { ...band, info: { ...band.info, dataType } };
  return [real, { ...real, offset: band.offset + bytesPerSample(dataType) }];
}

function checkExtent({ width, height }: { width: number; height: number }, band: RawBand): void {
  const { source, offset, pixelStep, rowStep, info } = band;
  const sample = bytesPerSample(info.dataType);
  // Rows may run upwards and samples backwards; all of them lie between the corners.
  const ends = [0, (width - 1) * pixelStep].flatMap((x) => [offset + x, offset + x + (height - 1) * rowStep]);
  const [low, high] = [Math.min(...ends), Math.max(...ends) + sample];
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || low < 0) {
    throw new TiepointError('file-corrupt', `${source.name}: its samples would lie outside the file`, {
      hint: 'The header does not belong to the file.',
      value: { offset, pixelStep, rowStep },
    });
  }
  if (high > source.size) throw truncated(source, high - sample, sample);
}

async function readBand(band: RawBand, window: PixelWindow, signal: AbortSignal | undefined): Promise<SampleArray> {
  const { info, source, offset, pixelStep, rowStep, littleEndian } = band;
  const { width, height } = window;
  const sample = bytesPerSample(info.dataType);
  const out = allocateSamples(info.dataType, width * height);
  const rowSpan = (width - 1) * Math.abs(pixelStep) + sample;
  // Rows that lie close to each other are read at once.
  const close = Math.abs(rowStep) <= worthSkipping * rowSpan;
  const rows = close ? Math.max(1, Math.floor(chunkBytes / Math.max(1, Math.abs(rowStep)))) : 1;
  for (let y = 0; y < height; y += rows) {
    const count = Math.min(rows, height - y);
    const corner = offset + (window.y + y) * rowStep + window.x * pixelStep;
    const from = corner + Math.min(0, (width - 1) * pixelStep) + Math.min(0, (count - 1) * rowStep);
    const bytes = await readExactly(source, from, rowSpan + (count - 1) * Math.abs(rowStep), signal);
    for (let row = 0; row < count; row++) {
      const packed = pack(bytes, corner + row * rowStep - from, pixelStep, sample, width);
      // Both parts of a complex sample are values of their own.
      toMachineOrder(packed, info.dataType.startsWith('c') ? sample / 2 : sample, littleEndian);
      out.set(samplesFromBytes(packed, info.dataType), (y + row) * width);
    }
  }
  return out;
}

/** A copy of a row's samples, one after the other. */
function pack(bytes: Uint8Array, start: number, step: number, sample: number, count: number): Uint8Array {
  if (step === sample) return bytes.slice(start, start + count * sample);
  const out = new Uint8Array(count * sample);
  for (let i = 0; i < count; i++) {
    const at = start + i * step;
    for (let b = 0; b < sample; b++) out[i * sample + b] = bytes[at + b]!;
  }
  return out;
}
