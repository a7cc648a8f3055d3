import type OlMap from 'ol/Map.js';

/** What a map shows. */
export function mapPicture(map: OlMap): OffscreenCanvas {
  const [width = 1, height = 1] = map.getSize() ?? [];
  const ratio = devicePixelRatio;
  const canvas = new OffscreenCanvas(Math.round(width * ratio), Math.round(height * ratio));
  const context = canvas.getContext('2d')!;
  const layers = map.getViewport()?.querySelectorAll<HTMLCanvasElement>('.ol-layers canvas') ?? [];
  for (const layer of layers) {
    if (layer.width === 0) continue;
    const opacity = layer.parentElement?.style.opacity ?? '';
    context.globalAlpha = opacity === '' ? 1 : Number(opacity);
    const { transform } = layer.style;
    const matrix = /^matrix\((.*)\)$/.exec(transform)?.[1]?.split(',').map(Number);
    const scale = matrix === undefined ? new DOMMatrix() : new DOMMatrix(matrix);
    context.setTransform(new DOMMatrix().scale(ratio).multiply(scale));
    context.drawImage(layer, 0, 0);
  }
  return canvas;
}
