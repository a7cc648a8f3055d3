import ImageLayer from 'ol/layer/Image.js';
import ImageStatic from 'ol/source/ImageStatic.js';
import { circularSd, covarianceAt, type ErrorField } from 'tiepoint';
import type { PixelGrid } from './pixel-grid.js';

/** Sides of the picture of an error field, px: it is smooth. */
const side = 96;

// The ends and the middle of viridis: light is large, and grey prints keep the order.
const ramp = [
  [68, 1, 84],
  [33, 145, 140],
  [253, 231, 37],
] as const;

/** The colours of the ramp, for a legend: CSS. */
export const rampGradient = `linear-gradient(to right, ${ramp.map((c) => `rgb(${c.join(' ')})`).join(', ')})`;

function colourAt(share: number): readonly [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * (ramp.length - 1);
  const i = Math.min(ramp.length - 2, Math.floor(at));
  const mix = (c: 0 | 1 | 2): number => ramp[i]![c] + (at - i) * (ramp[i + 1]![c] - ramp[i]![c]);
  return [mix(0), mix(1), mix(2)];
}

/** A picture of the predicted error, and what its ends stand for, px of the reference. */
export interface ErrorPicture {
  readonly url: string;
  readonly low: number;
  readonly high: number;
}

/** Draws the predicted standard deviation all over the reference; null where it is known nowhere. */
export function drawErrorField(field: ErrorField): ErrorPicture | null {
  const values = Float64Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side];
    return circularSd(covarianceAt(field, x * field.width, y * field.height));
  });
  const known = values.filter(Number.isFinite).toSorted();
  if (known.length === 0) return null;
  // Far corners beyond the overlap would leave the rest one colour.
  const [low, high] = [known[0]!, known[Math.floor(0.98 * (known.length - 1))]!];
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d')!;
  const picture = context.createImageData(side, side);
  for (const [i, value] of values.entries()) {
    const share = high > low ? (value - low) / (high - low) : 0;
    picture.data.set([...colourAt(share), Number.isFinite(value) ? 255 : 0], 4 * i);
  }
  context.putImageData(picture, 0, 0);
  return { url: canvas.toDataURL(), low, high };
}

/** A layer for a picture of the error. */
export function errorLayer(): ImageLayer<ImageStatic> {
  return new ImageLayer<ImageStatic>({ className: 'error', opacity: 0.55, zIndex: 5, visible: false });
}

/** The source of a picture of the error on a grid. */
export function errorSource({ url }: ErrorPicture, { extent, projection }: PixelGrid): ImageStatic {
  return new ImageStatic({ url, imageExtent: extent, projection, interpolate: true });
}
