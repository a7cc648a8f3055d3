import { TiepointError, transformPoint } from '@tiepoint/geometry';
import { bendOf } from '../../georeference/bend.js';
import { transformerBetween } from '../../georeference/crs-transformer.js';
import { lookUpEpsg } from '../../georeference/epsg-table.js';
import { pixelToMap } from '../../georeference/geotransform.js';
import type { HttpSourceOptions } from '../../source/http-source.js';
import { publicUrl } from '../../source/public-url.js';
import type { RasterFile } from '../raster-file.js';
import { mercatorHalf } from './open-tiles.js';
import { tileFetcher } from './tile-fetcher.js';
import { deepestZoom, formatTileName, isTileName, parseTileName, tileUrl } from './tile-name.js';
import { decodeTile } from './tile-pixels.js';
import { templateOfWmts } from './wmts.js';

/** What of a map of tiles is wanted. */
export interface CoverOptions {
  /** Default: the zoom whose pixels are most like the image's. */
  readonly zoom?: number | undefined;
  readonly http?: HttpSourceOptions | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Around the image so much of its own size is covered as well: it may lie elsewhere than it says. */
const margin = 0.1;
/** More tiles than that are not asked of anyone. */
const mostTiles = 2500;

/**
 * The name of the part of a map of tiles (`xyz:` and a template, or `wmts:`, capabilities and `#layer`) that covers an image, to be
 * opened by `openRaster`; other names, and those that say their part, stay as they are.
 * @returns the name, with the template's key where it has one: for opening, not for writing down
 * @throws {TiepointError} `no-georeference`, `image-too-large`, `invalid-option`, `url-unreadable`
 */
export async function coverByTiles(name: string, image: RasterFile, options: CoverOptions = {}): Promise<string> {
  if (!isTileName(name)) return name;
  const http = { ...options.http, signal: options.signal };
  const { template, part } = parseTileName(/^wmts:/i.test(name) ? await templateOfWmts(name, http) : name);
  if (part !== null) return name;
  const bounds = await mercatorBounds(image);
  const across = Math.max(bounds.east - bounds.west, bounds.north - bounds.south);
  const side = Math.max(image.width, image.height);
  const alike = Math.round(Math.log2((2 * mercatorHalf) / 256 / (across / side)));
  const zoom = Math.min(deepestZoom, Math.max(0, options.zoom ?? alike));
  const fetchTile = await tileFetcher(template, http);
  const share = (metres: number): number => metres / (2 * mercatorHalf) + 0.5;
  const middle = [share((bounds.west + bounds.east) / 2), 1 - share((bounds.south + bounds.north) / 2)] as const;
  const [column, row] = middle.map((at) => Math.floor(at * 2 ** zoom));
  const url = tileUrl(template, zoom, column!, row!);
  const bytes = await fetchTile(url, options.signal);
  const tileSize = bytes === null ? 256 : (await decodeTile(bytes, url)).size;
  const extent = tileSize * 2 ** zoom;
  const spare = [margin * (bounds.east - bounds.west), margin * (bounds.north - bounds.south)] as const;
  const x = Math.floor(share(bounds.west - spare[0]) * extent);
  const y = Math.max(0, Math.floor((1 - share(bounds.north + spare[1])) * extent));
  const width = Math.min(extent, Math.ceil(share(bounds.east + spare[0]) * extent) - x);
  const height = Math.min(extent, Math.ceil((1 - share(bounds.south - spare[1])) * extent)) - y;
  const tiles = (width / tileSize + 1) * (height / tileSize + 1);
  if (tiles > mostTiles) {
    const fewer = zoom - Math.ceil(Math.log2(tiles / mostTiles) / 2);
    throw new TiepointError('image-too-large', `${publicUrl(name)}: ${Math.round(tiles)} tiles would be needed`, {
      hint: `Ask for --zoom ${fewer} or less.`,
      value: tiles,
    });
  }
  const shown = formatTileName(template, { zoom, tileSize, window: { x, y, width, height } });
  return `xyz:${template}${shown.slice(shown.indexOf('#'))}`;
}

interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Where an image lies in Web Mercator, m; continuous across the antimeridian. */
async function mercatorBounds(image: RasterFile): Promise<Bounds> {
  const { georeference, width, height, name } = image;
  if (!georeference?.crs) {
    throw new TiepointError('no-georeference', `${name}: nothing says where on the map it lies`, {
      hint: 'A map of tiles is a reference for georeferenced images: give it a world file with .prj, or control points.',
      value: name,
    });
  }
  const bend = bendOf(georeference);
  const points: number[] = [];
  for (let i = 0; i <= 8; i++) {
    for (let j = 0; j <= 8; j++) {
      const [x, y] = [(width * i) / 8, (height * j) / 8];
      const straight = bend === null ? ([x, y] as const) : transformPoint(bend.toStraight, x, y);
      points.push(...pixelToMap(georeference.geotransform, ...straight));
    }
  }
  const places = Float64Array.from(points);
  (await transformerBetween(georeference.crs, await lookUpEpsg(3857), { approximate: true })).forward(places);
  const [xs, ys] = [0, 1].map((axis) => Array.from(places.filter((_, i) => i % 2 === axis))) as [number[], number[]];
  const first = xs[0]!;
  const continuous = xs.map((x) => x - 2 * mercatorHalf * Math.round((x - first) / (2 * mercatorHalf)));
  const bounds = {
    west: Math.min(...continuous),
    east: Math.max(...continuous),
    south: Math.max(-mercatorHalf, Math.min(...ys)),
    north: Math.min(mercatorHalf, Math.max(...ys)),
  };
  if (Object.values(bounds).every(Number.isFinite) && bounds.north > bounds.south) return bounds;
  throw new TiepointError('no-overlap', `${name}: lies where the map has no tiles`, {
    hint: 'Web Mercator ends at 85° north and south.',
    value: name,
  });
}
