import { TiepointError } from '@tiepoint/geometry';
import { blobSource, type ByteSource, memorySource } from '../source/byte-source.js';
import { isUrl } from '../source/public-url.js';
import { type HttpSourceOptions, openHttpSource } from '../source/http-source.js';
import { type RasterContent, rasterFileOf } from './raster-content.js';
import type { RasterFile } from './raster-file.js';
import { rasterFormats, unreadFormats } from './raster-formats.js';
import { withSidecars } from './sidecar.js';

/** Options of {@link openRaster}. */
export interface OpenRasterOptions {
  readonly signal?: AbortSignal | undefined;
  /** For URLs: headers, the cap for servers without ranges, a `fetch` of one's own. */
  readonly http?: HttpSourceOptions | undefined;
}

/**
 * Opens an image: a path or `file:` URL, an `http(s):` URL (range requests), bytes, or a `Blob`.
 * Beside a local file, `.aux.xml`, world files, `.prj`, `.msk` and `.ovr` are looked for.
 * @throws {TiepointError} `file-not-found`, `file-unreadable`, `file-empty`, `unsupported-format`, `file-truncated`,
 * `file-corrupt`, `image-too-large`, `url-unreadable`, `url-ranges-unsupported`.
 */
export async function openRaster(
  source: string | URL | Uint8Array | Blob,
  options: OpenRasterOptions = {},
): Promise<RasterFile> {
  const { signal } = options;
  signal?.throwIfAborted();
  const warnings: string[] = [];
  const bytes = await openSource(source, options, warnings);
  try {
    const found = await openFormat(bytes, signal);
    const content = isLocal(source) ? await withSidecars(found, bytes.name) : found;
    return rasterFileOf({ ...content, warnings: [...content.warnings, ...warnings] });
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

async function openFormat(source: ByteSource, signal: AbortSignal | undefined): Promise<RasterContent> {
  if (source.size === 0) {
    throw new TiepointError('file-empty', `${source.name}: the file is empty`, {
      hint: 'Fetch or copy it again.',
      value: source.name,
    });
  }
  const head = await source.read(0, Math.min(64, source.size), signal);
  const format = rasterFormats.find(({ sniff }) => sniff(head));
  if (format === undefined) throw unknownFormat(source.name, head);
  return format.open(source, signal);
}

async function openSource(
  source: string | URL | Uint8Array | Blob,
  options: OpenRasterOptions,
  warnings: string[],
): Promise<ByteSource> {
  if (source instanceof Uint8Array) return memorySource(source);
  if (source instanceof Blob) return blobSource(source);
  const text = String(source);
  if (isUrl(text)) {
    return openHttpSource(text, {
      ...options.http,
      signal: options.signal,
      onWarning: (message) => {
        warnings.push(message);
        options.http?.onWarning?.(message);
      },
    });
  }
  const { openFileSource } = await import('../source/file-source.js');
  if (!text.startsWith('file:')) return openFileSource(text);
  const { fileURLToPath } = await import('node:url');
  return openFileSource(fileURLToPath(text));
}

function isLocal(source: string | URL | Uint8Array | Blob): boolean {
  return !(source instanceof Uint8Array) && !(source instanceof Blob) && !isUrl(String(source));
}

function unknownFormat(name: string, head: Uint8Array): TiepointError {
  const text = String.fromCodePoint(...head);
  const found = unreadFormats.find(({ sniff }) => sniff(text));
  return new TiepointError(
    'unsupported-format',
    found ? `${name}: ${found.name} cannot be read` : `${name}: not an image of a known format`,
    { hint: found ? found.hint : 'GeoTIFF, PNG, JPEG, JPEG 2000 and WebP can be read.', value: name },
  );
}
