import { TiepointError } from '@tiepoint/geometry';
import { memorySource } from '../../source/byte-source.js';
import { publicUrl } from '../../source/public-url.js';
import { openSource } from '../open-content.js';
import type { NativePixels, PixelSource } from '../pixel-source.js';
import { type BandInfo, type PixelWindow, plainBand } from '../raster-file.js';
import type { FetchTile } from './tile-fetcher.js';
import { type TilePart, tileUrl } from './tile-name.js';

/** Red, green and blue of a tile, one after the other, and what of it is there. */
export interface DecodedTile {
  readonly bands: readonly [Uint8Array, Uint8Array, Uint8Array];
  readonly mask: Uint8Array | null;
  readonly size: number;
}

/** Encoded tiles that are kept, bytes in all, and decoded ones, in number. */
const [keptBytes, keptTiles] = [256 * 1024 * 1024, 48];

/** Decodes a tile: grey becomes three bands alike. @throws {TiepointError} `unsupported-format`, `file-corrupt` */
export async function decodeTile(bytes: Uint8Array, url: string): Promise<DecodedTile> {
  const content = await openSource(memorySource(bytes, publicUrl(url)), { beside: null });
  try {
    const { pixels } = content;
    const { width, height } = pixels.levels[0]!;
    if (width !== height || pixels.bands[0]!.dataType !== 'uint8') {
      throw new TiepointError('unsupported-format', `${publicUrl(url)}: ${width} × ${height} px are no tile of a map`, {
        hint: 'Tiles are square images of 8 bits.',
        value: { width, height },
      });
    }
    const colours = pixels.bands.filter(({ colorInterpretation }) => colorInterpretation !== 'alpha').length;
    const wanted = colours >= 3 ? [0, 1, 2] : [0, 0, 0];
    const { data, mask } = await pixels.read(0, wanted, { x: 0, y: 0, width, height }, undefined);
    return { bands: data as readonly Uint8Array[] as DecodedTile['bands'], mask, size: width };
  } finally {
    await content.close();
  }
}

/** The pixels of a part of a map; tiles are asked for as windows need them. */
export function tilePixels(name: string, template: string, part: TilePart, fetchTile: FetchTile): PixelSource {
  const { zoom, tileSize, window: whole } = part;
  const encoded = new Map<string, Promise<Uint8Array | null>>();
  const decoded = new Map<string, Promise<DecodedTile | null>>();
  let held = 0;
  const bytesOf = (url: string, signal: AbortSignal | undefined): Promise<Uint8Array | null> => {
    const known = encoded.get(url);
    if (known !== undefined) return known;
    const asked = fetchTile(url, signal);
    encoded.set(url, asked);
    asked.then(
      (bytes) => {
        held += bytes?.length ?? 0;
        if (held > keptBytes) {
          encoded.clear();
          held = 0;
        }
      },
      // What failed may be asked for again.
      () => encoded.delete(url),
    );
    return asked;
  };
  const tileAt = (url: string, signal: AbortSignal | undefined): Promise<DecodedTile | null> => {
    const known = decoded.get(url);
    if (known !== undefined) return known;
    const made = bytesOf(url, signal).then((bytes) => (bytes === null ? null : decodeTile(bytes, url)));
    decoded.set(url, made);
    made.catch(() => decoded.delete(url));
    if (decoded.size > keptTiles) decoded.delete(decoded.keys().next().value!);
    return made;
  };
  const names = ['red', 'green', 'blue'] as const;
  return {
    name,
    bands: names.map((colorInterpretation, i): BandInfo => ({
      ...plainBand,
      index: i + 1,
      dataType: 'uint8',
      colorInterpretation,
    })),
    levels: [{ width: whole.width, height: whole.height, blockHeight: tileSize }],
    read: async (_level, bands, window, signal) => {
      const count = window.width * window.height;
      const out = { data: bands.map(() => new Uint8Array(count)), mask: new Uint8Array(count) };
      const [left, top] = [whole.x + window.x, whole.y + window.y];
      const works: Promise<void>[] = [];
      for (let row = Math.floor(top / tileSize); row * tileSize < top + window.height; row++) {
        for (let column = Math.floor(left / tileSize); column * tileSize < left + window.width; column++) {
          const url = tileUrl(template, zoom, column, row);
          const at = { x: column * tileSize - left, y: row * tileSize - top };
          works.push(
            tileAt(url, signal).then((tile) => (tile === null ? undefined : draw(tile, part, bands, at, window, out))),
          );
        }
      }
      await Promise.all(works);
      return out;
    },
  };
}

/** Copies what of a tile lies in a window, whose pixels it begins at. */
function draw(
  tile: DecodedTile,
  { tileSize }: TilePart,
  bands: readonly number[],
  at: { readonly x: number; readonly y: number },
  window: PixelWindow,
  out: NativePixels & { readonly mask: Uint8Array },
): void {
  // Some servers have tiles of another size at some places; they cover the same ground.
  const step = tile.size / tileSize;
  for (let y = Math.max(0, at.y); y < Math.min(window.height, at.y + tileSize); y++) {
    const row = Math.floor((y - at.y) * step) * tile.size;
    for (let x = Math.max(0, at.x); x < Math.min(window.width, at.x + tileSize); x++) {
      const from = row + Math.floor((x - at.x) * step);
      const to = y * window.width + x;
      for (const [i, band] of bands.entries()) out.data[i]![to] = tile.bands[band]![from]!;
      out.mask[to] = tile.mask === null ? 1 : tile.mask[from]!;
    }
  }
}
