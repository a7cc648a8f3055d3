import { affine, composeTransforms, type MatrixTransform, type Plane, translation } from '@tiepoint/geometry';
import type { PixelWindow, RasterFile } from '@tiepoint/raster';

/**
 * What of a file is matched: a window of it, its rows turned over where the georeferences mirror the images against each other
 * (rows that run north, radar looking the other way), so that both look alike.
 */
export interface ImageView extends ViewGeometry {
  /** The view as a file of its own; only `readPlane` is of the view, and no georeference is given. */
  readonly file: RasterFile;
}

/** How a view lies in its file: plain data. */
export interface ViewGeometry {
  readonly window: PixelWindow;
  readonly turned: boolean;
  /** File px → px of the view. */
  readonly toView: MatrixTransform;
}

/** Whether a map turns the image over: its right-handed corners become left-handed ones. */
export function isMirrored({ matrix: [a, b, , d, e] }: MatrixTransform): boolean {
  return a * e - b * d < 0;
}

/** A window of a file, turned over or not. */
export function viewOf(file: RasterFile, window: PixelWindow, turned: boolean): ImageView {
  const { x, y, width, height } = window;
  const isWhole = width === file.width && height === file.height;
  const toView = composeTransforms(turned ? affine(1, 0, 0, 0, -1, height) : translation(0, 0), translation(-x, -y));
  if (isWhole && !turned) return { file, window, turned, toView };
  const inFile = (part: PixelWindow): PixelWindow => ({
    ...part,
    x: x + part.x,
    y: y + (turned ? height - part.y - part.height : part.y),
  });
  const readPlane: RasterFile['readPlane'] = async (options = {}) => {
    const plane = await file.readPlane({ ...options, window: inFile(options.window ?? { x: 0, y: 0, width, height }) });
    return turned ? turnRows(plane) : plane;
  };
  return { file: { ...file, width, height, georeference: null, readPlane }, window, turned, toView };
}

function turnRows(plane: Plane): Plane {
  const { width, height, mask } = plane;
  const turned = <T extends Float32Array | Uint8Array>(samples: T): T => {
    const out = samples.slice() as T;
    for (let y = 0; y < height; y++)
      out.set(samples.subarray((height - 1 - y) * width, (height - y) * width), y * width);
    return out;
  };
  const data = turned(plane.data);
  return mask === undefined ? { width, height, data } : { width, height, data, mask: turned(mask) };
}
