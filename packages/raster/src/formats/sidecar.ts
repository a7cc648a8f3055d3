import type { Crs } from '../georeference/crs.js';
import { crsFromWkt } from '../georeference/gdal-xml.js';
import { invertGeoTransform } from '../georeference/geotransform.js';
import type { Geotransform } from '@tiepoint/geometry';
import { parsePam, type Pam, withPam } from './pam.js';
import { geoTiffFormat } from './geotiff/read/geotiff-file.js';
import type { RasterContent } from './raster-content.js';
import { placeByRpc } from '../georeference/place-by-rpc.js';
import type { Rpc } from '../georeference/rpc.js';
import { dimapImage, parseDimapRpc, rpcOfTile } from '../georeference/dimap-rpc.js';
import { parseRpcText } from '../georeference/rpc-text.js';
import { withLevelsOf, withMaskOf } from './sidecar-pixels.js';

/** A sidecar larger than this is something else. */
const maxSidecarBytes = 4 * 1024 * 1024;

/**
 * Adds what stands beside a local file, ranked as GDAL does: `.aux.xml` (GDAL's PAM) before the file's own georeference and
 * nodata, a world file with `.prj` and RPCs after; `.msk` where the file has no mask of its own, `.ovr` where it has no overviews.
 */
export async function withSidecars(content: RasterContent, path: string): Promise<RasterContent> {
  const xml = await readSidecar(`${path}.aux.xml`);
  const aux = xml === null ? null : parsePam(xml);
  const described = aux === null ? content : withPam(content, aux);
  const placed = await withPlace(described, path, aux);
  return withRasters(placed, path);
}

async function withPlace(content: RasterContent, path: string, aux: Pam | null): Promise<RasterContent> {
  if (aux?.georeference) return { ...content, georeference: aux.georeference };
  const own = content.georeference;
  const crs = aux?.crs ?? own?.crs ?? content.crs ?? (await readPrj(path));
  if (own) return { ...content, georeference: { ...own, crs } };
  for (const name of await worldFiles(path)) {
    const text = await readSidecar(name);
    const geotransform = text === null ? null : parseWorldFile(text);
    if (geotransform) return { ...content, georeference: { crs, geotransform, origin: 'world-file' } };
  }
  const warnings: string[] = [];
  const rpc = aux?.rpc ?? (await readRpc(path)) ?? (await readDimapRpc(path, warnings));
  const georeference = rpc && (await placeByRpc(rpc, content.pixels.levels[0]!));
  if (warnings.length > 0) return { ...content, warnings: [...content.warnings, ...warnings] };
  return georeference ? { ...content, georeference } : content;
}

/** The RPCs of the `_RPC.TXT` or `.RPB` beside an image. */
async function readRpc(path: string): Promise<Rpc | null> {
  const base = path.replace(/\.[^./\\]*$/, '');
  for (const ending of ['_RPC.TXT', '_rpc.txt', '.RPB', '.rpb']) {
    const text = await readSidecar(`${base}${ending}`);
    if (text !== null) return parseRpcText(text);
  }
  return null;
}

/** The RPCs of the `RPC_*.XML` beside an image of Pléiades or SPOT 6/7. */
async function readDimapRpc(path: string, warnings: string[]): Promise<Rpc | null> {
  const [, folder, name] = /^(.*[/\\])?([^/\\]*)$/s.exec(path) ?? [null, '', ''];
  const image = dimapImage(name!);
  const besides = async (kind: string): Promise<string | null> => {
    const base = `${folder ?? ''}${kind}_${image!.stem}`;
    return (await readSidecar(`${base}.XML`)) ?? readSidecar(`${base}.xml`);
  };
  const xml = image && (await besides('RPC'));
  const whole = xml ? parseDimapRpc(xml) : null;
  if (whole === null || image === null) return null;
  const rpc = rpcOfTile(whole, image, await besides('DIM'));
  if (rpc === null) {
    warnings.push(`a tile of a larger image, whose RPCs need the size of tiles in DIM_${image.stem}.XML beside it`);
  }
  return rpc;
}

/** The system of the `.prj` beside an image. */
async function readPrj(path: string): Promise<Crs | null> {
  const base = path.replace(/\.[^./\\]*$/, '');
  const text = (await readSidecar(`${base}.prj`)) ?? (await readSidecar(`${base}.PRJ`));
  return text === null ? null : crsFromWkt(text);
}

/** Adds `.ovr` and `.msk`, which are TIFFs; what does not fit is left out, and that is said. */
async function withRasters(content: RasterContent, path: string): Promise<RasterContent> {
  let { pixels, maskKind } = content;
  const warnings = [...content.warnings];
  const opened: RasterContent[] = [];
  const open = async (ending: string): Promise<RasterContent | null> => {
    if (path.endsWith(ending)) return null;
    const found = await openTiffBeside(`${path}${ending}`, warnings);
    if (found) opened.push(found);
    return found;
  };
  if (pixels.levels.length === 1) {
    const overviews = await open('.ovr');
    if (overviews) {
      const more = withLevelsOf(pixels, overviews.pixels);
      if (more === pixels) warnings.push(`${path}.ovr does not fit the image and is left out`);
      pixels = more;
    }
  }
  if (maskKind !== 'mask') {
    const mask = await open('.msk');
    const [size, full] = [mask?.pixels.levels[0], pixels.levels[0]!];
    if (mask && size?.width === full.width && size.height === full.height) {
      if (mask.pixels.bands.length > 1) warnings.push(`${path}.msk has a mask a band; the first one is taken for all`);
      pixels = withMaskOf(pixels, mask.pixels);
      maskKind = 'mask';
    } else if (mask) warnings.push(`${path}.msk is not of the image's size and is left out`);
  }
  if (opened.length === 0) return { ...content, warnings };
  const close = async (): Promise<void> => {
    for (const beside of opened) await beside.close();
    await content.close();
  };
  return { ...content, pixels, maskKind, warnings, close };
}

async function openTiffBeside(path: string, warnings: string[]): Promise<RasterContent | null> {
  const { openFileSource } = await import('../source/file-source.js');
  const source = await openFileSource(path).catch(() => null);
  if (!source) return null;
  try {
    return await geoTiffFormat.open(source, { beside: null });
  } catch (error) {
    warnings.push(`${path} cannot be read and is left out: ${error instanceof Error ? error.message : String(error)}`);
    await source.close();
    return null;
  }
}

/**
 * The geotransform of a world file: six lines, A D B E C F, whose C and F are the centre of the first pixel.
 * Null where the text is something else.
 */
export function parseWorldFile(text: string): Geotransform | null {
  const numbers = text
    .trim()
    .split(/\s+/)
    // Programs in Fortran write 1.0D+01.
    .map((part) => Number(part.replace(',', '.').replace(/d/i, 'e')));
  if (numbers.length < 6 || !numbers.slice(0, 6).every(Number.isFinite)) return null;
  const [a, d, b, e, c, f] = numbers as [number, number, number, number, number, number];
  const g: Geotransform = [c - a / 2 - b / 2, a, b, f - d / 2 - e / 2, d, e];
  return invertGeoTransform(g) ? g : null;
}

/** The text of a world file for a geotransform. */
export function formatWorldFile(g: Geotransform): string {
  return `${[g[1], g[4], g[2], g[5], g[0] + (g[1] + g[2]) / 2, g[3] + (g[4] + g[5]) / 2].map((v) => v.toPrecision(15).replace(/\.?0+$/, '')).join('\n')}\n`;
}

/** The world files beside an image, the likeliest first, whatever the case of their endings. */
async function worldFiles(path: string): Promise<string[]> {
  const dot = path.lastIndexOf('.');
  const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const hasEnding = dot > slash + 1;
  const base = hasEnding ? path.slice(0, dot) : path;
  const extension = hasEnding ? path.slice(dot + 1).toLowerCase() : '';
  const endings = hasEnding ? [`${extension.at(0)}${extension.at(-1)}w`, `${extension}w`, 'wld'] : ['wld'];
  const [{ readdir }, { dirname }] = [await import('node:fs/promises'), await import('node:path')];
  const stem = base.slice(slash + 1);
  const files = (await readdir(dirname(path)).catch(() => [])).filter((file) => file.startsWith(`${stem}.`));
  return endings
    .flatMap((ending) => files.filter((file) => file.slice(stem.length + 1).toLowerCase() === ending))
    .map((file) => path.slice(0, slash + 1) + file)
    .filter((name) => name !== path);
}

async function readSidecar(path: string): Promise<string | null> {
  const { open } = await import('node:fs/promises');
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return null;
  try {
    const { size } = await handle.stat();
    return size > maxSidecarBytes ? null : decodeText(await handle.readFile());
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

/** Text of UTF-8, or of UTF-16 where its byte order mark says so, without the mark. */
function decodeText(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
