import { TiepointError } from '@tiepoint/geometry';
import type { ByteSource } from '../source/byte-source.js';
import { besideUrl } from '../source/beside-url.js';
import type { HttpSourceOptions } from '../source/http-source.js';
import { openUrl } from '../source/open-url.js';
import { isUrl } from '../source/public-url.js';
import { fromVirtualName } from '../source/virtual-name.js';
import type { Beside, OpenContext } from './beside.js';
import { type RasterContent } from './raster-content.js';
import { headText, type RasterFormat } from './raster-format.js';
import { rasterFormats, unreadFormats } from './raster-formats.js';
import { archiveFormats } from './archives/archive-format.js';
import { withSidecars } from './sidecar.js';

/** How files are opened, the same for an image and for those it names. */
export interface OpenSettings {
  readonly signal?: AbortSignal | undefined;
  readonly http?: HttpSourceOptions | undefined;
  readonly band?: string | undefined;
  /** Nothing but the file itself is read. */
  readonly confined?: boolean | undefined;
  /** Receives sentences about what was degraded. */
  readonly onWarning: (message: string) => void;
}

/** Bytes that formats are told apart by. */
const headBytes = 2048;
/** Images that name images that name images, …: beyond this they go round in a circle. */
const deepest = 8;

/** All formats, with archives of what is in the others. */
export const openFormats: readonly RasterFormat[] = [...rasterFormats, ...archiveFormats(openSource, entryOf)];

/** Opens what a location (a path, a folder or a URL) names. */
export async function openLocation(location: string, settings: OpenSettings, depth = 0): Promise<RasterContent> {
  if (depth > deepest) {
    throw new TiepointError('file-corrupt', `${location}: the files name each other in a circle`, {
      hint: 'Check what the files name.',
      value: location,
    });
  }
  if (!isUrl(location)) {
    const entry = await productEntry(location);
    if (entry !== null) return openLocation(entry, settings, depth);
  }
  const source = await openBytes(location, settings);
  const beside = settings.confined === true ? null : besideLocation(location, settings, depth);
  const content = await openSource(source, { signal: settings.signal, band: settings.band, beside });
  return isUrl(location) ? content : guarded(content, () => withSidecars(content, content.location ?? location));
}

/** Opens bytes that are at hand; they are closed where that fails. */
export async function openSource(source: ByteSource, context: OpenContext): Promise<RasterContent> {
  return guarded(source, async () => {
    if (source.size === 0) {
      throw new TiepointError('file-empty', `${source.name}: the file is empty`, {
        hint: 'Fetch or copy it again.',
        value: source.name,
      });
    }
    const head = await source.read(0, Math.min(headBytes, source.size), context.signal);
    let format = openFormats.find(({ sniff }) => sniff(head));
    for (const candidate of rasterFormats) {
      if (format !== undefined) break;
      if (await candidate.knowsByNeighbour?.(source, context)) format = candidate;
    }
    if (format === undefined) throw unknownFormat(source.name, head);
    return format.open(source, context);
  });
}

async function guarded<T>(owner: { close: () => Promise<void> }, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    await owner.close();
    throw error;
  }
}

/** The bytes at a location. */
async function openBytes(location: string, { http, signal, onWarning }: OpenSettings): Promise<ByteSource> {
  if (isUrl(location)) {
    return openUrl(location, {
      ...http,
      signal,
      onWarning: (message) => {
        onWarning(message);
        http?.onWarning?.(message);
      },
    });
  }
  const { openFileSource } = await import('../source/file-source.js');
  return openFileSource(location);
}

function besideLocation(location: string, settings: OpenSettings, depth: number): Beside {
  const missing = (error: unknown): null => {
    if (error instanceof TiepointError && error.code === 'file-not-found') return null;
    throw error;
  };
  return {
    bytes: async (name) => openBytes(await locate(location, name), settings).catch(missing),
    raster: async (name) => openLocation(await locate(location, name), { ...settings, band: undefined }, depth + 1),
    list: async () => (isUrl(location) ? [] : filesBeside(location)),
  };
}

/** Where a file lies that is named by its path from another one's folder. What a server sends may name only its own files. */
async function locate(location: string, name: string): Promise<string> {
  const plain = fromVirtualName(name);
  if (isUrl(location)) return besideUrl(location, plain);
  if (isUrl(plain)) return plain;
  const { dirname, resolve } = await import('node:path');
  return resolve(dirname(location), plain);
}

async function filesBeside(location: string): Promise<readonly string[]> {
  const [{ readdir }, { dirname }] = [await import('node:fs/promises'), await import('node:path')];
  return readdir(dirname(location)).catch(() => []);
}

/** The file by which the product of a folder is opened; null of what is no folder. @throws {TiepointError} `unsupported-format`. */
async function productEntry(location: string): Promise<string | null> {
  const [{ readdir, stat }, { join }] = [await import('node:fs/promises'), await import('node:path')];
  const found = await stat(location).catch(() => null);
  if (!found?.isDirectory()) return null;
  const files = (await readdir(location)).toSorted();
  const name = entryOf(files);
  if (name !== null) return join(location, name);
  throw new TiepointError('unsupported-format', `${location}: a folder without a product that is known`, {
    hint: 'Folders of Sentinel-2 and Sentinel-1 (.SAFE), of Landsat Collection 2 and of Zarr can be read; else name a file in it.',
    value: location,
  });
}

/** Which of some files is a product's own; null where none is. */
function entryOf(files: readonly string[]): string | null {
  for (const { entry } of rasterFormats) {
    const found = entry && files.find((file) => entry.test(file));
    if (found) return found;
  }
  return null;
}

function unknownFormat(name: string, head: Uint8Array): TiepointError {
  const text = headText(head);
  const found = unreadFormats.find(({ sniff }) => sniff(text));
  return new TiepointError(
    'unsupported-format',
    found ? `${name}: ${found.name} cannot be read` : `${name}: not an image of a known format`,
    {
      hint: found
        ? found.hint
        : 'GeoTIFF, PNG, JPEG, JPEG 2000, WebP, ENVI, VRT, NetCDF, HDF5, Zarr and Sentinel and Landsat products can be read.',
      value: name,
    },
  );
}
