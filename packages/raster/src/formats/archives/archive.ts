import { TiepointError } from '@tiepoint/geometry';
import type { ByteSource } from '../../source/byte-source.js';

/** An open archive. */
export interface Archive {
  readonly name: string;
  /** Paths of its files. */
  readonly files: readonly string[];
  /** Opens a file of it; null where there is none. @throws {TiepointError} `file-corrupt`, `unsupported-format`, `image-too-large`. */
  readonly open: (path: string, signal?: AbortSignal) => Promise<ByteSource | null>;
}

/** More files than any product has. */
export const mostFiles = 100_000;

/** The error for an archive that makes no sense. */
export function damagedArchive(name: string, cause: unknown): TiepointError {
  return new TiepointError('file-corrupt', `${name}: the archive is damaged`, {
    hint: 'Fetch it again.',
    value: cause instanceof Error ? cause.message : String(cause),
    cause,
  });
}

/** A part of an archive as a source of its own; closing it leaves the archive open. */
export function partOf(archive: ByteSource, name: string, start: number, size: number): ByteSource {
  return {
    name,
    location: null,
    size,
    read: (offset, length, signal) =>
      offset >= size
        ? Promise.resolve(new Uint8Array(0))
        : archive.read(start + offset, Math.min(length, size - offset), signal),
    close: async () => {},
  };
}
