import { TiepointError } from '@tiepoint/geometry';
import { type ByteSource, readExactly } from '../../../source/byte-source.js';
import { fieldSize, Tag } from '../tiff-tags.js';

/** One entry of a directory, its values not yet read. */
interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where the values stand in the file. */
  readonly offset: number;
}

/** One image file directory. */
export interface TiffDirectory {
  readonly offset: number;
  readonly entries: ReadonlyMap<number, TiffEntry>;
}

/** A TIFF's directories, and how its numbers are written. */
export interface Tiff {
  readonly source: ByteSource;
  readonly littleEndian: boolean;
  readonly big: boolean;
  readonly directories: readonly TiffDirectory[];
}

/** No real file has more pages than this; a loop of directories would. */
const maxDirectories = 4096;
const maxEntries = 4096;
/** A tag other than the block tables never holds more than this. */
const maxTagBytes = 16 * 1024 * 1024;

/** True where the bytes start a classic TIFF or a BigTIFF. */
export function isTiff(head: Uint8Array): boolean {
  if (head.byteLength < 4) return false;
  const order = (head[0]! << 8) | head[1]!;
  const magic = order === 0x4949 ? head[2]! | (head[3]! << 8) : (head[2]! << 8) | head[3]!;
  return (order === 0x4949 || order === 0x4d4d) && (magic === 42 || magic === 43);
}

/**
 * Reads the header and all directories; tag values stay in the file until asked for.
 * @throws {TiepointError} `file-truncated`, `file-corrupt`.
 */
export async function readTiff(source: ByteSource, signal?: AbortSignal): Promise<Tiff> {
  const head = viewOf(await readExactly(source, 0, 8, signal));
  const littleEndian = head.getUint16(0) === 0x4949;
  const big = head.getUint16(2, littleEndian) === 43;
  let next: number;
  if (big) {
    const long = viewOf(await readExactly(source, 0, 16, signal));
    if (long.getUint16(4, littleEndian) !== 8) throw corrupt(source, 'a BigTIFF whose offsets are not 8 bytes', null);
    next = readOffset(long, 8, littleEndian);
  } else {
    next = head.getUint32(4, littleEndian);
  }
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  while (next !== 0) {
    if (seen.has(next) || directories.length >= maxDirectories) {
      throw corrupt(source, 'its directories form a loop', next);
    }
    seen.add(next);
    const read = await readDirectory(source, next, littleEndian, big, signal);
    directories.push(read.directory);
    next = read.next;
  }
  if (directories.length === 0) throw corrupt(source, 'it has no image directory', null);
  return { source, littleEndian, big, directories };
}

async function readDirectory(
  source: ByteSource,
  offset: number,
  littleEndian: boolean,
  big: boolean,
  signal: AbortSignal | undefined,
): Promise<{ directory: TiffDirectory; next: number }> {
  const countSize = big ? 8 : 2;
  const entrySize = big ? 20 : 12;
  const countView = viewOf(await readExactly(source, offset, countSize, signal));
  const count = big ? readOffset(countView, 0, littleEndian) : countView.getUint16(0, littleEndian);
  if (count === 0 || count > maxEntries) throw corrupt(source, `a directory of ${count} entries`, offset);
  const body = viewOf(await readExactly(source, offset + countSize, count * entrySize, signal));
  const entries = new Map<number, TiffEntry>();
  for (let i = 0; i < count; i++) {
    const at = i * entrySize;
    const tag = body.getUint16(at, littleEndian);
    const type = body.getUint16(at + 2, littleEndian);
    const values = big ? readOffset(body, at + 4, littleEndian) : body.getUint32(at + 4, littleEndian);
    const size = fieldSize[type];
    // A field type this reader does not know is skipped, as the specification asks.
    if (size === undefined || entries.has(tag)) continue;
    const inline = values * size <= (big ? 8 : 4);
    const fieldAt = at + (big ? 12 : 8);
    const valueOffset = inline
      ? offset + countSize + fieldAt
      : big
        ? readOffset(body, fieldAt, littleEndian)
        : body.getUint32(fieldAt, littleEndian);
    entries.set(tag, { tag, type, count: values, offset: valueOffset });
  }
  const after = offset + countSize + count * entrySize;
  const nextSize = big ? 8 : 4;
  // Some writers end the file without the pointer to the next directory.
  const tail = await source.read(after, nextSize, signal);
  if (tail.byteLength < nextSize) return { directory: { offset, entries }, next: 0 };
  const next = big ? readOffset(viewOf(tail), 0, littleEndian) : viewOf(tail).getUint32(0, littleEndian);
  return { directory: { offset, entries }, next };
}

/**
 * The numbers of a tag; null where it is absent. Rationals come as quotients.
 * `from` and `count` choose a part of a long one, such as a table of tile offsets.
 * @throws {TiepointError} `file-truncated`, `file-corrupt`.
 */
export async function readNumbers(
  tiff: Tiff,
  directory: TiffDirectory,
  tag: number,
  part?: { from: number; count: number },
  signal?: AbortSignal,
): Promise<number[] | null> {
  const entry = directory.entries.get(tag);
  if (!entry) return null;
  const size = fieldSize[entry.type]!;
  const from = part?.from ?? 0;
  const count = Math.max(0, Math.min(part?.count ?? entry.count, entry.count - from));
  if (count * size > maxTagBytes) throw corrupt(tiff.source, `tag ${tag} claims ${entry.count} values`, entry.count);
  const bytes = await readExactly(tiff.source, entry.offset + from * size, count * size, signal);
  const view = viewOf(bytes);
  const out = Array.from<number>({ length: count });
  for (let i = 0; i < count; i++) out[i] = readField(view, i * size, entry.type, tiff.littleEndian);
  return out;
}

/** The first number of a tag, or `fallback` where it is absent or empty. */
export async function readNumber(
  tiff: Tiff,
  directory: TiffDirectory,
  tag: number,
  fallback: number,
  signal?: AbortSignal,
): Promise<number> {
  const values = await readNumbers(tiff, directory, tag, { from: 0, count: 1 }, signal);
  return values?.[0] ?? fallback;
}

/** The bytes of a tag as they stand; null where it is absent. */
export async function readBytes(
  tiff: Tiff,
  directory: TiffDirectory,
  tag: number,
  signal?: AbortSignal,
): Promise<Uint8Array | null> {
  const entry = directory.entries.get(tag);
  if (!entry) return null;
  const length = entry.count * fieldSize[entry.type]!;
  if (length > maxTagBytes) throw corrupt(tiff.source, `tag ${tag} claims ${length} bytes`, length);
  return readExactly(tiff.source, entry.offset, length, signal);
}

/** The text of an ASCII tag without its final NUL; null where it is absent. */
export async function readText(
  tiff: Tiff,
  directory: TiffDirectory,
  tag: number,
  signal?: AbortSignal,
): Promise<string | null> {
  const bytes = await readBytes(tiff, directory, tag, signal);
  return bytes && new TextDecoder().decode(bytes).replace(/\0+$/, '');
}

/** True where the tag is present. */
export function hasTag(directory: TiffDirectory, tag: (typeof Tag)[keyof typeof Tag]): boolean {
  return directory.entries.has(tag);
}

/** The error for a file whose structure contradicts itself. */
export function corrupt(source: ByteSource, what: string, value: unknown): TiepointError {
  return new TiepointError('file-corrupt', `${source.name}: the file is damaged: ${what}`, {
    hint: 'Fetch or copy the file again; if it opens elsewhere, rewrite it with gdal_translate.',
    value,
  });
}

function readField(view: DataView, at: number, type: number, le: boolean): number {
  switch (type) {
    case 1:
    case 2:
    case 7:
      return view.getUint8(at);
    case 3:
      return view.getUint16(at, le);
    case 4:
    case 13:
      return view.getUint32(at, le);
    case 5:
      return view.getUint32(at, le) / view.getUint32(at + 4, le);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, le);
    case 9:
      return view.getInt32(at, le);
    case 10:
      return view.getInt32(at, le) / view.getInt32(at + 4, le);
    case 11:
      return view.getFloat32(at, le);
    case 12:
      return view.getFloat64(at, le);
    case 17:
      return Number(view.getBigInt64(at, le));
    default:
      return readOffset(view, at, le);
  }
}

function readOffset(view: DataView, at: number, le: boolean): number {
  return Number(view.getBigUint64(at, le));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
