import { TiepointError } from '@tiepoint/geometry';
import { publicUrl } from '../../source/public-url.js';
import type { PixelWindow } from '../raster-file.js';

/** A part of a map of tiles, in Web Mercator. */
export interface TileName {
  /** URL with `{z}`, `{x}` and `{y}` (or `{-y}`, rows from the south). */
  readonly template: string;
  /** Which part at which zoom; null of a name that does not say. */
  readonly part: TilePart | null;
}

/** A window of all pixels of a zoom. */
export interface TilePart {
  readonly zoom: number;
  readonly window: PixelWindow;
  /** Side of a tile, px. */
  readonly tileSize: number;
}

/** Whether a name is that of a map of tiles. */
export function isTileName(name: string): boolean {
  return /^(xyz|wmts):/i.test(name);
}

/** The deepest zoom that maps have. */
export const deepestZoom = 24;

/**
 * Reads `xyz:TEMPLATE` with, behind `#`, `zoom=Z&window=X,Y,WIDTH,HEIGHT&tile=SIZE`.
 * @throws {TiepointError} `invalid-option`
 */
export function parseTileName(name: string): TileName {
  const [, template, fragment] = /^xyz:(https?:\/\/[^#]*)(?:#(.*))?$/is.exec(name) ?? [];
  const { zoomed, columns, rows } = placesIn(template ?? '');
  if (template === undefined || !zoomed || !columns || !rows) {
    throw new TiepointError('invalid-option', `${publicUrl(name)}: is no address of tiles`, {
      hint: 'Write xyz:https://host/{z}/{x}/{y}.png, with {-y} where rows begin in the south.',
      value: publicUrl(name),
    });
  }
  return { template, part: fragment === undefined ? null : parsePart(fragment, name) };
}

function placesIn(template: string): { readonly zoomed: boolean; readonly columns: boolean; readonly rows: boolean } {
  return { zoomed: template.includes('{z}'), columns: template.includes('{x}'), rows: /\{-?y\}/.test(template) };
}

function parsePart(fragment: string, name: string): TilePart {
  const fields = new URLSearchParams(fragment);
  const [x, y, width, height] = (fields.get('window') ?? '').split(',').map(Number);
  const [zoom, tileSize] = [Number(fields.get('zoom')), Number(fields.get('tile'))];
  const numbers = [zoom, tileSize, x, y, width, height];
  const extent = tileSize * 2 ** zoom;
  const sound =
    numbers.every(Number.isInteger) &&
    zoom >= 0 &&
    zoom <= deepestZoom &&
    tileSize >= 64 &&
    tileSize <= 2048 &&
    y! >= 0 &&
    width! >= 1 &&
    height! >= 1 &&
    y! + height! <= extent &&
    width! <= extent;
  if (sound) return { zoom, tileSize, window: { x: x!, y: y!, width: width!, height: height! } };
  throw new TiepointError('invalid-option', `${publicUrl(name)}: what stands behind # is no part of the map`, {
    hint: 'It reads zoom=Z&window=X,Y,WIDTH,HEIGHT&tile=SIZE, as it stands in solutions.',
    value: fragment,
  });
}

/** The name of a part, without what may be a secret. */
export function formatTileName(template: string, { zoom, window, tileSize }: TilePart): string {
  const { x, y, width, height } = window;
  return `xyz:${publicUrl(template)}#zoom=${zoom}&window=${x},${y},${width},${height}&tile=${tileSize}`;
}

/** The address of a tile; columns go around the Earth. */
export function tileUrl(template: string, zoom: number, column: number, row: number): string {
  const across = 2 ** zoom;
  const values: Readonly<Record<string, number>> = {
    z: zoom,
    x: ((column % across) + across) % across,
    y: row,
    '-y': across - 1 - row,
  };
  return template.replaceAll(/\{(z|x|y|-y)\}/g, (_, key: string) => String(values[key]));
}
