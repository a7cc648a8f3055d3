import { TiepointError } from '@tiepoint/geometry';
import { readExactly } from '../../../source/byte-source.js';
import { bytesPerSample, type SampleArray } from '../../data-type.js';
import { compressionTraits, loadDecoder } from './decoder.js';
import { undoFloatingPoint, undoHorizontal } from '../predictor.js';
import { samplesFromBytes, toMachineOrder, unpackBits } from '../codecs/sample-bytes.js';
import { corrupt } from './tiff-directory.js';
import {
  blockRowBytes,
  type BlockLocation,
  isPacked,
  locateBlock,
  possibleRows,
  type TiffImage,
  usesPredictor,
} from './tiff-image.js';
import { Compression } from '../tiff-tags.js';

/** Samples of one decoded block: `rows` rows of `rowLength` samples (pixels times samples where they interleave). */
export interface DecodedBlock {
  readonly data: SampleArray;
  readonly rowLength: number;
  /** First row of the block that `data` holds; not 0 only for a part of an uncompressed block. */
  readonly firstRow: number;
  readonly rows: number;
}

/**
 * Reads and decodes one block; null where it was never written (a sparse file).
 * Of an uncompressed block only the rows asked for are read.
 * @throws {TiepointError} `file-truncated`, `file-corrupt`, `unsupported-compression`.
 */
export async function readBlock(
  image: TiffImage,
  column: number,
  row: number,
  plane: number,
  rows: { first: number; count: number },
  signal?: AbortSignal,
): Promise<DecodedBlock | null> {
  const index = (plane * image.blocksDown + row) * image.blocksAcross + column;
  const location = await locateBlock(image, index, signal);
  if (location.size === 0) return null;
  const due = rowsDue(image, row);
  const samples = image.planar ? 1 : image.samplesPerPixel;
  const rowLength = image.blockWidth * samples;
  if (image.compression === Compression.none) {
    const first = Math.min(rows.first, due);
    const count = Math.min(rows.count, due - first);
    const bytes = await readRows(image, location, first, count, signal);
    return { data: toSamples(image, bytes, rowLength, count), rowLength, firstRow: first, rows: count };
  }
  const wanted = Math.min(due, rows.first + rows.count);
  const bytes = await decode(image, location, index, samples, { due, first: rows.first, end: wanted }, signal);
  const held = Math.floor(bytes.byteLength / blockRowBytes(image));
  if (held < wanted) {
    throw new TiepointError(
      'file-truncated',
      `${image.tiff.source.name}: block ${index} ends after ${held} of ${wanted} rows`,
      { hint: 'The file is incomplete or damaged. Fetch or copy it again.', value: index },
    );
  }
  return { data: toSamples(image, bytes, rowLength, wanted), rowLength, firstRow: 0, rows: wanted };
}

/** Rows of a block that lie within the image; the last strip is often short, tiles are padded. */
function rowsDue(image: TiffImage, row: number): number {
  return Math.min(image.blockHeight, image.height - row * image.blockHeight);
}

async function readRows(
  image: TiffImage,
  location: BlockLocation,
  first: number,
  count: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const rowBytes = blockRowBytes(image);
  const end = (first + count) * rowBytes;
  if (end > location.size) {
    throw corrupt(image.tiff.source, `a block of ${location.size} bytes where ${end} are due`, location.size);
  }
  const bytes = await readExactly(image.tiff.source, location.offset + first * rowBytes, count * rowBytes, signal);
  const owned = image.fillOrder === 2 ? reverseBits(bytes) : ownedCopy(bytes, image);
  if (!isPacked(image)) toMachineOrder(owned, valueSize(image), image.tiff.littleEndian);
  return owned;
}

async function decode(
  image: TiffImage,
  location: BlockLocation,
  index: number,
  samples: number,
  wanted: { due: number; first: number; end: number },
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const { due } = wanted;
  const { source, littleEndian } = image.tiff;
  const decoder = await loadDecoder(image.compression, source.name);
  const rows = possibleRows(image, location.size);
  if (rows < due) {
    throw corrupt(source, `block ${index} has ${location.size} bytes and cannot hold ${due} rows`, location.size);
  }
  const expectedBytes = rows * blockRowBytes(image);
  const encoded = await readExactly(source, location.offset, location.size, signal);
  let bytes: Uint8Array;
  try {
    bytes = await decoder(image.fillOrder === 2 ? reverseBits(encoded) : encoded, {
      expectedBytes,
      wantedBytes: wanted.end * blockRowBytes(image),
      width: image.blockWidth,
      height: rows,
      samples,
      bitsPerSample: image.bitsPerSample,
      photometric: image.photometric,
      jpegTables: image.jpegTables,
      lercParameters: image.lercParameters,
    });
  } catch (cause) {
    if (cause instanceof TiepointError) throw cause;
    throw new TiepointError('file-corrupt', `${source.name}: block ${index} cannot be decoded (${messageOf(cause)})`, {
      hint: 'The file is incomplete or damaged. Fetch or copy it again.',
      value: index,
      cause,
    });
  }
  const native = compressionTraits(image.compression)?.nativeOrder ?? false;
  if (native || isPacked(image)) return bytes;
  const rowBytes = blockRowBytes(image);
  const size = bytesPerSample(image.dataType);
  const predictor = usesPredictor(image.compression) ? image.predictor : 1;
  if (predictor === 3) {
    const planes = undoFloatingPoint(bytes, image.blockWidth * samples, size, samples);
    toMachineOrder(planes, size, true);
    return planes;
  }
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  // libtiff differences a complex sample as one integer of its whole size.
  toMachineOrder(aligned, predictor === 2 ? size : valueSize(image), littleEndian);
  if (predictor === 2) {
    // Only the rows that are wanted: each stands for itself.
    const part = aligned.subarray(wanted.first * rowBytes, wanted.end * rowBytes);
    undoHorizontal(unsignedView(part, size), image.blockWidth * samples, samples);
  }
  return aligned;
}

/** Values a sample consists of: 2 for complex ones. */
function parts(image: TiffImage): number {
  return image.dataType.startsWith('c') ? 2 : 1;
}

function valueSize(image: TiffImage): number {
  return bytesPerSample(image.dataType) / parts(image);
}

function unsignedView(bytes: Uint8Array, size: number): Uint8Array | Uint16Array | Uint32Array | BigUint64Array {
  const { buffer, byteOffset, byteLength } = bytes;
  if (size === 1) return bytes;
  if (size === 2) return new Uint16Array(buffer, byteOffset, byteLength >> 1);
  if (size === 4) return new Uint32Array(buffer, byteOffset, byteLength >> 2);
  return new BigUint64Array(buffer, byteOffset, byteLength >> 3);
}

/** Bytes that are about to be changed or handed out must not be those of a source in memory. */
function ownedCopy(bytes: Uint8Array, image: TiffImage): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength && image.tiff.source.name !== '(memory)' ? bytes : bytes.slice();
}

function reverseBits(bytes: Uint8Array): Uint8Array {
  return bytes.map((b) => {
    const nibbles = ((b & 0xf0) >> 4) | ((b & 0x0f) << 4);
    const pairs = ((nibbles & 0xcc) >> 2) | ((nibbles & 0x33) << 2);
    return ((pairs & 0xaa) >> 1) | ((pairs & 0x55) << 1);
  });
}

function toSamples(image: TiffImage, bytes: Uint8Array, rowLength: number, rows: number): SampleArray {
  if (isPacked(image)) {
    if (image.dataType === 'float32') return halfAgain(bytes, rowLength * rows, image.tiff.littleEndian);
    const type = image.dataType === 'uint8' ? 'uint8' : image.dataType === 'uint16' ? 'uint16' : 'uint32';
    return unpackBits(bytes, image.bitsPerSample, rowLength, rows, type);
  }
  const byteCount = rowLength * rows * bytesPerSample(image.dataType);
  return samplesFromBytes(bytes.byteLength > byteCount ? bytes.subarray(0, byteCount) : bytes, image.dataType);
}

/** 24-bit floats: 1 sign, 7 exponent (bias 63), 16 fraction bits. */
function halfAgain(bytes: Uint8Array, count: number, littleEndian: boolean): Float32Array {
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const a = bytes[3 * i] ?? 0;
    const b = bytes[3 * i + 1] ?? 0;
    const c = bytes[3 * i + 2] ?? 0;
    const bits = littleEndian ? a | (b << 8) | (c << 16) : c | (b << 8) | (a << 16);
    const sign = bits & 0x800000 ? -1 : 1;
    const exponent = (bits >> 16) & 127;
    const fraction = bits & 0xffff;
    if (exponent === 0) out[i] = sign * fraction * 2 ** -78;
    else if (exponent === 127) out[i] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else out[i] = sign * (65536 + fraction) * 2 ** (exponent - 63 - 16);
  }
  return out;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
