import type { Transform } from '@tiepoint/geometry';
import TileLayer from 'ol/layer/Tile.js';
import ImageTile from 'ol/source/ImageTile.js';
import type { Display } from 'tiepoint';
import type { Client } from '../worker/client.js';
import type { Role, TilesHandlers } from '../worker/tiles-worker.js';
import type { PixelGrid } from './pixel-grid.js';
import { tileSide } from './tile-side.js';

/** What an image layer shows. */
export interface LayerContent {
  /** Names the image: of another, other tiles are made. */
  readonly image: string;
  readonly role: Role;
  /** Sensed pixels to reference pixels; null for the reference itself. */
  readonly transform: Transform | null;
  readonly display: Display;
}

/** A layer whose tiles a worker makes on demand. */
export type ImageLayer = TileLayer<ImageTile>;

/** What stands where nothing of an image lies. */
function emptyTile(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  return canvas;
}

/** The source of an image's tiles. */
export function imageSource(grid: PixelGrid, content: LayerContent, tiles: Client<TilesHandlers>): ImageTile {
  const source = new ImageTile({
    projection: grid.projection,
    tileGrid: grid.tiles,
    tileSize: tileSide,
    wrapX: false,
    transition: 0,
    loader: async (z, column, row, { signal }) => {
      const reduction = grid.tiles.getResolution(z);
      const bitmap = await tiles.call('tile', { ...content, reduction, column, row }, { signal });
      return bitmap ?? emptyTile();
    },
  });
  return source;
}

/** A layer without an image yet. */
export function imageLayer(): ImageLayer {
  // Kept apart from the vectors' canvas: what is clipped or blended must not touch them.
  return new TileLayer<ImageTile>({ className: 'images', preload: 1, cacheSize: 512 });
}
