import type BaseEvent from 'ol/events/Event.js';
import type OlMap from 'ol/Map.js';
import RenderEvent from 'ol/render/Event.js';
import type { Look } from '../state/state.js';
import type { ImageLayer } from './image-layer.js';

/** The canvas of a layer and how many of its px are one of the screen. */
function canvasOf(event: RenderEvent): { context: CanvasRenderingContext2D; ratio: number } {
  return {
    context: event.context as CanvasRenderingContext2D,
    ratio: event.frameState?.pixelRatio ?? 1,
  };
}

/** Adds the squares of a checkerboard to the path of a context. */
function addSquares(context: CanvasRenderingContext2D, square: number): void {
  const { width, height } = context.canvas;
  for (let row = 0; row * square < height; row++) {
    for (let column = row % 2; column * square < width; column += 2) {
      context.rect(column * square, row * square, square, square);
    }
  }
}

/**
 * Lays the sensed image on the reference as the look says: beside it, over it, by turns or in squares.
 *
 * @param look - asked at every frame
 * @returns a function that ends it
 */
export function compareLayers(map: OlMap, sensed: ImageLayer, look: () => Look): () => void {
  const before = (event: BaseEvent | Event): void => {
    if (!(event instanceof RenderEvent)) return;
    const { context, ratio } = canvasOf(event);
    const { comparison, swipe, square } = look();
    context.save();
    if (comparison === 'difference') context.globalCompositeOperation = 'difference';
    // The canvas is laid over the map as it is: its px are those of the screen.
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (comparison === 'swipe') {
      const from = swipe * context.canvas.width;
      context.beginPath();
      context.rect(from, 0, context.canvas.width - from, context.canvas.height);
      context.clip();
    } else if (comparison === 'checkerboard') {
      context.beginPath();
      addSquares(context, square * ratio);
      context.clip();
    }
  };
  const after = (event: BaseEvent | Event): void => {
    if (event instanceof RenderEvent) canvasOf(event).context.restore();
  };
  sensed.on('prerender', before);
  sensed.on('postrender', after);
  let shown = true;
  let last = 0;
  const turn = (): void => {
    const { comparison, flicker, blend } = look();
    const now = performance.now();
    if (comparison !== 'flicker') shown = true;
    else if (now - last > 500 / flicker) {
      shown = !shown;
      last = now;
    }
    sensed.setOpacity(comparison === 'blend' ? blend : shown ? 1 : 0);
  };
  const timer = setInterval(turn, 40);
  const refresh = (): void => {
    turn();
    map.render();
  };
  refresh();
  return () => {
    clearInterval(timer);
    sensed.un('prerender', before);
    sensed.un('postrender', after);
  };
}
