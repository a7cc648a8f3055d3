import Projection from 'ol/proj/Projection.js';
import TileGrid from 'ol/tilegrid/TileGrid.js';
import View from 'ol/View.js';
import { tileSide } from './tile-side.js';

// The map is the reference's pixel grid: y of the map points up, y of the image down.

/** A place of the map as px of the reference. */
export function toPixel([x, y]: readonly number[]): readonly [number, number] {
  return [x!, -y!];
}

/** Px of the reference as a place of the map. */
export function toMap([x, y]: readonly [number, number]): [number, number] {
  return [x, -y];
}

/** The grid of an image of a size: its projection, its tiles, and a view on it. */
export interface PixelGrid {
  readonly extent: [number, number, number, number];
  readonly projection: Projection;
  readonly tiles: TileGrid;
  readonly view: View;
}

/** Screen px that a px of the reference takes at most. */
const nearest = 32;

/** The grid of a reference. */
export function pixelGrid(width: number, height: number): PixelGrid {
  const extent: PixelGrid['extent'] = [0, -height, width, 0];
  const projection = new Projection({ code: `pixels-${width}-${height}`, units: 'pixels', extent });
  const levels = Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / tileSide)));
  const resolutions = Array.from({ length: levels + 1 }, (_, z) => 2 ** (levels - z));
  const tiles = new TileGrid({ extent, origin: [0, 0], resolutions, tileSize: tileSide });
  const view = new View({
    projection,
    center: [width / 2, -height / 2],
    resolution: Math.max(width, height) / 600,
    minResolution: 1 / nearest,
    maxResolution: Math.max(2, Math.max(width, height) / 150),
    constrainResolution: false,
    // Room around, so that what lies at the edge can be brought to the middle.
    extent: [-width, -2 * height, 2 * width, height],
    showFullExtent: true,
    constrainOnlyCenter: true,
  });
  return { extent, projection, tiles, view };
}
