import { blobSource, memorySource } from '../source/byte-source.js';
import type { HttpSourceOptions } from '../source/http-source.js';
import { isUrl } from '../source/public-url.js';
import { fromVirtualName } from '../source/virtual-name.js';
import { openLocation, openSource, type OpenSettings } from './open-content.js';
import { type RasterContent, rasterFileOf } from './raster-content.js';
import type { RasterFile } from './raster-file.js';
import { isTileName } from './tiles/tile-name.js';

/** Options of {@link openRaster}. */
export interface OpenRasterOptions {
  readonly signal?: AbortSignal | undefined;
  /** For URLs: headers, the cap for servers without ranges, a `fetch` of one's own. */
  readonly http?: HttpSourceOptions | undefined;
  /** The band that is meant, by name: a product opens as that band alone, on its own grid. Other files open as they are. */
  readonly band?: string | undefined;
  /** Reads nothing but the file itself, whatever it names: for files of strangers. Default false. */
  readonly confined?: boolean | undefined;
}

/**
 * Opens an image: a path or `file:` URL, the folder of a product, an `http(s):`, `s3:`, `gs:` or `az:` URL (range requests), one of
 * GDAL's names for these, bytes, or a `Blob`. `name#band` is that band of a product, `name.zip#path` a file in an archive. In Node the
 * environment's headers and keys are sent, by GDAL's names for them. Beside a local file, `.aux.xml`, world files, `.prj`, `.msk` and `.ovr` are looked for.
 * @throws {TiepointError} `file-not-found`, `file-unreadable`, `file-empty`, `unsupported-format`, `file-truncated`,
 * `file-corrupt`, `image-too-large`, `url-unreadable`, `url-ranges-unsupported`, `no-such-band`.
 */
export async function openRaster(
  source: string | URL | Uint8Array | Blob,
  options: OpenRasterOptions = {},
): Promise<RasterFile> {
  const { signal } = options;
  signal?.throwIfAborted();
  const warnings: string[] = [];
  const settings = { ...options, onWarning: (message: string) => void warnings.push(message) };
  const content = await openContent(source, settings);
  return rasterFileOf({ ...content, warnings: [...content.warnings, ...warnings] });
}

async function openContent(source: string | URL | Uint8Array | Blob, settings: OpenSettings): Promise<RasterContent> {
  const { signal, band } = settings;
  if (source instanceof Uint8Array) return openSource(memorySource(source), { signal, band, beside: null });
  if (source instanceof Blob) return openSource(blobSource(source), { signal, band, beside: null });
  if (isTileName(String(source))) {
    const { openTiles } = await import('./tiles/open-tiles.js');
    return openTiles(String(source), { ...settings.http, signal });
  }
  const { location, fragment } = await takeApart(fromVirtualName(String(source)));
  return openLocation(location, fragment === null ? settings : { ...settings, band: fragment });
}

/** A name as where it lies and which of what lies there is meant. */
async function takeApart(name: string): Promise<{ readonly location: string; readonly fragment: string | null }> {
  const at = name.lastIndexOf('#');
  const parts = (): { location: string; fragment: string | null } => ({
    location: name.slice(0, at),
    fragment: decodeURIComponent(name.slice(at + 1)) || null,
  });
  if (isUrl(name)) return at < 0 ? { location: name, fragment: null } : parts();
  if (name.startsWith('file:')) {
    const { fileURLToPath } = await import('node:url');
    return at < 0
      ? { location: fileURLToPath(name), fragment: null }
      : { ...parts(), location: fileURLToPath(name.slice(0, at)) };
  }
  // A path may hold the sign itself.
  const { existsSync } = await import('node:fs');
  return at < 0 || existsSync(name) ? { location: name, fragment: null } : parts();
}
