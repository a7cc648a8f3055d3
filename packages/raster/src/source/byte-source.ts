import { TiepointError } from '@tiepoint/geometry';

/** Where bytes come from: a file, memory, a `Blob`, or a URL. Reads never exceed the source's real size. */
export interface ByteSource {
  /** The path, the URL without what may be a secret, or a word for nameless sources; stands in messages and files. */
  readonly name: string;
  /** The path or whole URL by which another thread can open it again; null of memory and blobs. Never written down. */
  readonly location: string | null;
  /** Bytes in all. */
  readonly size: number;
  /** Reads `length` bytes from `offset`; fewer (never more) where the source ends earlier. */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The byte source over memory; reads are views, nothing is copied. */
export function memorySource(bytes: Uint8Array, name = '(memory)'): ByteSource {
  return {
    name,
    location: null,
    size: bytes.byteLength,
    read: async (offset, length, signal) => {
      signal?.throwIfAborted();
      return bytes.subarray(Math.min(offset, bytes.byteLength), Math.min(offset + length, bytes.byteLength));
    },
    close: async () => {},
  };
}

/** The byte source over a `Blob` or a browser's `File`. */
export function blobSource(blob: Blob): ByteSource {
  const name = 'name' in blob && typeof blob.name === 'string' ? blob.name : '(blob)';
  return {
    name,
    location: null,
    size: blob.size,
    read: async (offset, length, signal) => {
      signal?.throwIfAborted();
      return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    },
    close: async () => {},
  };
}

/**
 * Reads exactly `length` bytes.
 * @throws {TiepointError} `file-truncated` where the source ends before `offset + length`.
 */
export async function readExactly(
  source: ByteSource,
  offset: number,
  length: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (!(offset >= 0 && length >= 0 && offset + length <= source.size)) {
    throw truncated(source, offset, length);
  }
  const bytes = await source.read(offset, length, signal);
  if (bytes.byteLength < length) throw truncated(source, offset, length);
  return bytes;
}

/** The error for a source that ends before the bytes that are needed. */
export function truncated(source: ByteSource, offset: number, length: number): TiepointError {
  return new TiepointError(
    'file-truncated',
    `${source.name}: the file ends at byte ${source.size}, but bytes ${offset} to ${offset + length} are needed`,
    {
      hint: 'The file is incomplete or damaged. Fetch or copy it again.',
      value: { offset, length, size: source.size },
    },
  );
}
