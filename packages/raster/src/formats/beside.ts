import { TiepointError } from '@tiepoint/geometry';
import { type ByteSource, readExactly } from '../source/byte-source.js';
import type { RasterContent } from './raster-content.js';

/** Where a file lies: what it names, or what is named after it, is opened from here. */
export interface Beside {
  /** The bytes of a file by its path from here; null where there is none. */
  readonly bytes: (name: string) => Promise<ByteSource | null>;
  /** The same, as an image. @throws {TiepointError} of opening. */
  readonly raster: (name: string) => Promise<RasterContent>;
  /** The files that lie here; none where that cannot be known, as on web servers. */
  readonly list: () => Promise<readonly string[]>;
}

/** What a format opens a file with. */
export interface OpenContext {
  readonly signal?: AbortSignal | undefined;
  /** Null of bytes and blobs, and where nothing but the file may be read. */
  readonly beside: Beside | null;
  /** The band that is meant, by name: products then open on the grid of that band. */
  readonly band?: string | undefined;
}

/** Descriptions larger than this are something else. */
const mostTextBytes = 64 * 1024 * 1024;

/** All of a source as text. @throws {TiepointError} `file-too-large`, `file-truncated`. */
export async function readSourceText(source: ByteSource, signal?: AbortSignal): Promise<string> {
  if (source.size > mostTextBytes) {
    throw new TiepointError('file-too-large', `${source.name}: ${source.size} bytes are too many for a description`, {
      hint: 'Check that it is the file you mean.',
      value: source.size,
    });
  }
  return new TextDecoder().decode(await readExactly(source, 0, source.size, signal));
}

/** The text of a file beside; null where there is none. */
export async function readTextBeside(
  { beside, signal }: OpenContext,
  name: string,
  most = mostTextBytes,
): Promise<string | null> {
  const source = await beside?.bytes(name);
  if (!source) return null;
  try {
    return source.size > most ? null : await readSourceText(source, signal);
  } finally {
    await source.close();
  }
}

/** What lies beside, or the error for a file that is nothing without it. @throws {TiepointError} `unsupported-format`. */
export function needBeside(context: OpenContext, name: string, kind: string): Beside {
  if (context.beside) return context.beside;
  throw new TiepointError('unsupported-format', `${name}: ${kind} names other files, which cannot be read from here`, {
    hint: 'Open it by its path or URL, or convert it first: gdal_translate -co COMPRESS=DEFLATE in out.tif',
    value: name,
  });
}

/** The name of a path without its folders. */
export function baseName(path: string): string {
  return path.replace(/^.*[/\\]/s, '');
}
