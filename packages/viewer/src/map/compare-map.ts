import type Feature from 'ol/Feature.js';
import { defaults as defaultControls } from 'ol/control/defaults.js';
import { defaults as defaultInteractions } from 'ol/interaction/defaults.js';
import OlMap from 'ol/Map.js';
import type MapBrowserEvent from 'ol/MapBrowserEvent.js';
import type { ErrorField } from 'tiepoint';
import type { Look } from '../state/state.js';
import type { Client } from '../worker/client.js';
import type { TilesHandlers } from '../worker/tiles-worker.js';
import { compareLayers } from './comparison.js';
import { drawErrorField, errorLayer, errorSource, type ErrorPicture } from './error-layer.js';
import { type ImageLayer, imageLayer, imageSource, type LayerContent } from './image-layer.js';
import { type PixelGrid, toMap, toPixel } from './pixel-grid.js';
import { type DrawnPoints, pointLayer } from './point-layer.js';

/** What a map tells of. Places are px of the reference. */
export interface MapEvents {
  readonly onClick: (place: readonly [number, number], point: number | null) => void;
  readonly onDoubleClick: () => void;
  /** Null where the pointer has left the map. */
  readonly onPointer: (place: readonly [number, number] | null, point: number | null) => void;
}

/** A map that lays two images on each other. Close it to free it. */
export interface CompareMap {
  readonly map: OlMap;
  /** Shows images on a grid; null shows none. */
  show(grid: PixelGrid | null, reference: LayerContent | null, sensed: LayerContent | null): void;
  /** Renders again after the look has changed. */
  refresh(): void;
  drawPoints(points: DrawnPoints | null): void;
  /** Draws the error map; null hides it. Returns what its colours stand for. */
  drawError(field: ErrorField | null): ErrorPicture | null;
  goTo(place: readonly [number, number]): void;
  close(): void;
}

/** Distance from a tie point within which the pointer is on it, px of the screen. */
const hitTolerance = 6;

function pointAt(map: OlMap, event: MapBrowserEvent): number | null {
  const hit = (feature: unknown): number | null => {
    const index: unknown = (feature as Feature).get('index');
    return typeof index === 'number' ? index : null;
  };
  let found: number | null = null;
  const options = { hitTolerance };
  map.forEachFeatureAtPixel(
    event.pixel,
    (feature) => {
      found = hit(feature);
      return found !== null;
    },
    options,
  );
  return found;
}

/** Sets a layer's source where what it shows has changed. */
function contentSetter(layer: ImageLayer, tiles: Client<TilesHandlers>) {
  let shown: string | null = null;
  return (grid: PixelGrid | null, content: LayerContent | null): void => {
    const key = grid === null || content === null ? null : JSON.stringify([grid.extent, content]);
    if (key === shown) return;
    shown = key;
    layer.setSource(grid === null || content === null ? null : imageSource(grid, content, tiles));
  };
}

/** Makes a map in an element. @param look - asked at every frame; */
export function createCompareMap(
  element: HTMLElement,
  tiles: Client<TilesHandlers>,
  look: () => Look,
  events: MapEvents,
): CompareMap {
  const [reference, sensed] = [imageLayer(), imageLayer()];
  const points = pointLayer();
  const error = errorLayer();
  const map = new OlMap({
    target: element,
    layers: [reference, sensed, error, points.layer],
    controls: defaultControls({ zoom: false, rotate: false, attribution: false }),
    interactions: defaultInteractions({ doubleClickZoom: false, altShiftDragRotate: false, pinchRotate: false }),
    maxTilesLoading: 8,
  });
  const endComparison = compareLayers(map, sensed, look);
  const [setReference, setSensed] = [contentSetter(reference, tiles), contentSetter(sensed, tiles)];
  let grid: PixelGrid | null = null;
  let drawn: DrawnPoints | null = null;
  // For whoever waits for the picture to be complete.
  map.on('rendercomplete', () => {
    element.dataset['rendered'] = 'true';
  });
  map.on('loadstart', () => {
    element.dataset['rendered'] = 'false';
  });
  map.on('click', (event) => events.onClick(toPixel(event.coordinate), pointAt(map, event)));
  map.on('dblclick', () => events.onDoubleClick());
  map.on('pointermove', (event) => {
    if (!event.dragging) events.onPointer(toPixel(event.coordinate), pointAt(map, event));
  });
  const leave = (): void => events.onPointer(null, null);
  element.addEventListener('pointerleave', leave);
  return {
    map,
    show(next, referenceContent, sensedContent) {
      if (next !== grid) {
        grid = next;
        if (next !== null) map.setView(next.view);
      }
      setReference(next, referenceContent);
      setSensed(next, sensedContent);
    },
    refresh: () => map.render(),
    drawPoints(next) {
      drawn = next;
      points.draw(drawn, map.getView().getResolution() ?? 1);
    },
    drawError(field) {
      const picture = field === null || grid === null ? null : drawErrorField(field);
      error.setVisible(picture !== null);
      error.setSource(picture === null || grid === null ? null : errorSource(picture, grid));
      return picture;
    },
    goTo(place) {
      const view = map.getView();
      const resolution = Math.min(view.getResolution() ?? 1, 0.5);
      const quick = matchMedia('(prefers-reduced-motion: reduce)').matches;
      view.animate({ center: toMap(place), resolution, duration: quick ? 0 : 250 });
    },
    close() {
      endComparison();
      element.removeEventListener('pointerleave', leave);
      map.setTarget(undefined);
      map.dispose();
    },
  };
}
