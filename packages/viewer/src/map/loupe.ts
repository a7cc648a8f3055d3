import type { Look } from '../state/state.js';
import type { Client } from '../worker/client.js';
import type { TilesHandlers } from '../worker/tiles-worker.js';
import { type CompareMap, createCompareMap } from './compare-map.js';
import { type PixelGrid, pixelGrid, toMap } from './pixel-grid.js';

/** How much more than the map the loupe shows. */
const magnification = 4;

const ignored = { onClick: () => {}, onDoubleClick: () => {}, onPointer: () => {} };

/** A small map that shows what is around the pointer, larger. */
export interface Loupe {
  readonly map: CompareMap;
  /** The same grid with a view of its own. */
  grid(of: PixelGrid | null): PixelGrid | null;
  goTo(place: readonly [number, number] | null, resolution: number): void;
}

/** Makes the loupe in an element. */
export function loupeOf(element: HTMLElement, tiles: Client<TilesHandlers>, look: () => Look): Loupe {
  // One half each shows best how well both fit.
  const inLoupe = (): Look => ({ ...look(), comparison: 'swipe', swipe: 0.5 });
  const map = createCompareMap(element, tiles, inLoupe, ignored);
  for (const interaction of map.map.getInteractions().getArray()) interaction.setActive(false);
  let own: { readonly of: PixelGrid; readonly grid: PixelGrid } | null = null;
  return {
    map,
    grid(of) {
      if (of === null) own = null;
      else if (own?.of !== of) own = { of, grid: pixelGrid(of.extent[2], -of.extent[1]) };
      return own?.grid ?? null;
    },
    goTo(place, resolution) {
      if (place === null || !look().loupe || own === null) return;
      map.map.updateSize();
      own.grid.view.setCenter(toMap(place));
      own.grid.view.setResolution(resolution / magnification);
    },
  };
}
