import { TiepointError } from '@tiepoint/geometry';
import { configure, type Entry, Reader, ZipReader } from '@zip.js/zip.js';
import { type ByteSource, memorySource, readExactly } from '../../source/byte-source.js';
import { type Archive, damagedArchive, mostFiles, partOf } from './archive.js';

/** The most that a compressed file may become in memory. */
const mostBytes = 2 ** 30;
/** Deflate makes at most this much of a byte. */
const mostPerByte = 1040;
/** The fixed part of a file's own header. */
const headerBytes = 30;

configure({ useWebWorkers: false });

/** The archive's bytes as its library asks for them. */
class SourceReader extends Reader<ByteSource> {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super(source);
    this.#source = source;
    this.size = source.size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    return this.#source.read(index, Math.max(0, Math.min(length, this.#source.size - index)));
  }
}

/** Reads an archive's list of files. @throws {TiepointError} `file-corrupt`. */
export async function openZip(source: ByteSource, signal?: AbortSignal): Promise<Archive> {
  const entries = new Map<string, Entry>();
  const reader = new ZipReader(new SourceReader(source));
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      signal?.throwIfAborted();
      if (!entry.directory) entries.set(entry.filename, entry);
      if (entries.size > mostFiles) throw new Error(`more than ${mostFiles} files`);
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw damagedArchive(source.name, cause);
  }
  return {
    name: source.name,
    files: [...entries.keys()],
    open: async (path, abort) => {
      const entry = entries.get(path);
      return entry === undefined ? null : openEntry(source, entry, abort);
    },
  };
}

async function openEntry(archive: ByteSource, entry: Entry, signal: AbortSignal | undefined): Promise<ByteSource> {
  const name = `${archive.name}/${entry.filename}`;
  if (entry.encrypted) {
    throw new TiepointError('unsupported-format', `${name}: has a password`, {
      hint: 'Unpack the archive first.',
      value: entry.filename,
    });
  }
  return entry.compressionMethod === 0 ? stored(archive, entry, name, signal) : unpacked(archive, entry, name, signal);
}

/** A file that stands in the archive as it is. */
async function stored(
  archive: ByteSource,
  entry: Entry,
  name: string,
  signal: AbortSignal | undefined,
): Promise<ByteSource> {
  const header = await readExactly(archive, entry.offset, headerBytes, signal);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const start = entry.offset + headerBytes + view.getUint16(26, true) + view.getUint16(28, true);
  const size = entry.uncompressedSize;
  if (view.getUint32(0, true) !== 0x04034b50 || start + size > archive.size)
    throw damagedArchive(archive.name, entry.filename);
  return partOf(archive, name, start, size);
}

/** A file that is unpacked into memory. */
async function unpacked(
  archive: ByteSource,
  entry: Entry,
  name: string,
  signal: AbortSignal | undefined,
): Promise<ByteSource> {
  const { uncompressedSize: size, compressedSize } = entry;
  if (size > mostBytes) {
    throw new TiepointError('image-too-large', `${name}: ${size} bytes are too many to unpack into memory`, {
      hint: 'Unpack the archive first.',
      value: size,
    });
  }
  if (compressedSize > archive.size || size > 1024 + compressedSize * mostPerByte || entry.directory) {
    throw damagedArchive(archive.name, entry.filename);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) => {
      if (at + chunk.length > size) throw new Error('it holds more than it says');
      bytes.set(chunk, at);
      at += chunk.length;
    },
  });
  try {
    await entry.getData(writable, { ...(signal === undefined ? {} : { signal }), checkSignature: true });
  } catch (cause) {
    signal?.throwIfAborted();
    throw damagedArchive(archive.name, cause);
  }
  return memorySource(bytes.subarray(0, at), name);
}
