import type { Plane } from '@tiepoint/geometry';
import type { Bend } from '../georeference/bend.js';
import { newtonMap, type PointMapping } from '../warp/warp-mapping.js';
import { checkPixels } from './pixel-source.js';
import type { PixelWindow, RasterFile, ReadPlaneOptions } from './raster-file.js';

/** Points that are mapped exactly lie so far apart, px of the result; the bend is smooth. */
const spacing = 16;
/** Pixels around what a window needs. */
const margin = 3;

/**
 * An image without its bend: read by planes it lies where its geotransform says. Windows, and thus samples of its own type, it does
 * not have.
 */
export function straightened(file: RasterFile, bend: Bend): RasterFile {
  const fromStraight = newtonMap(bend.toStraight);
  const georeference = file.georeference && {
    crs: file.georeference.crs,
    geotransform: file.georeference.geotransform,
    origin: 'file' as const,
  };
  return { ...file, georeference, readPlane: (options) => readStraight(file, fromStraight, options ?? {}) };
}

async function readStraight(file: RasterFile, fromStraight: PointMapping, options: ReadPlaneOptions): Promise<Plane> {
  const window = options.window ?? { x: 0, y: 0, width: file.width, height: file.height };
  const width = options.width ?? window.width;
  const height = options.height ?? window.height;
  checkPixels(file.name, width, height);
  const nodes = mapNodes(fromStraight, window, width, height);
  const from = sourceWindow(nodes.points, file, window.width / width, window.height / height);
  if (from === null) {
    return { width, height, data: new Float32Array(width * height), mask: new Uint8Array(width * height) };
  }
  // As much reduced as the result.
  const size = {
    width: Math.max(1, Math.round((from.width * width) / window.width)),
    height: Math.max(1, Math.round((from.height * height) / window.height)),
  };
  const read = await file.readPlane({ ...options, window: from, ...size });
  return sample(read, nodes, from, width, height, options.resampling === 'nearest');
}

interface Nodes {
  readonly points: Float64Array;
  readonly columns: number;
}

/** File px of every `spacing`-th px of the result, corner convention. */
function mapNodes(map: PointMapping, window: PixelWindow, width: number, height: number): Nodes {
  const [columns, rows] = [Math.ceil(width / spacing) + 1, Math.ceil(height / spacing) + 1];
  const points = new Float64Array(2 * columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = 2 * (row * columns + column);
      points[at] = window.x + (column * spacing * window.width) / width;
      points[at + 1] = window.y + (row * spacing * window.height) / height;
    }
  }
  map(points);
  return { points, columns };
}

/** The part of the file that the nodes span, with what interpolation reaches; null where they lie outside. */
function sourceWindow(
  points: Float64Array,
  file: { readonly width: number; readonly height: number },
  stepX: number,
  stepY: number,
): PixelWindow | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const x0 = Math.max(0, Math.floor(left - margin * stepX));
  const y0 = Math.max(0, Math.floor(top - margin * stepY));
  const x1 = Math.min(file.width, Math.ceil(right + margin * stepX));
  const y1 = Math.min(file.height, Math.ceil(bottom + margin * stepY));
  return x1 > x0 && y1 > y0 ? { x: x0, y: y0, width: x1 - x0, height: y1 - y0 } : null;
}

function sample(
  read: Plane,
  { points, columns }: Nodes,
  from: PixelWindow,
  width: number,
  height: number,
  nearest: boolean,
): Plane {
  const data = new Float32Array(width * height);
  const mask = new Uint8Array(width * height);
  let missing = false;
  const [shrinkX, shrinkY] = [read.width / from.width, read.height / from.height];
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) / spacing);
    const fy = (y + 0.5) / spacing - row;
    for (let x = 0; x < width; x++) {
      const column = Math.floor((x + 0.5) / spacing);
      const fx = (x + 0.5) / spacing - column;
      const a = 2 * (row * columns + column);
      const b = a + 2 * columns;
      const between = (k: number): number =>
        (points[a + k]! * (1 - fx) + points[a + 2 + k]! * fx) * (1 - fy) +
        (points[b + k]! * (1 - fx) + points[b + 2 + k]! * fx) * fy;
      const value = sampleAt(read, (between(0) - from.x) * shrinkX, (between(1) - from.y) * shrinkY, nearest);
      const at = y * width + x;
      // NaN is not itself.
      if (value === value) {
        data[at] = value;
        mask[at] = 1;
      } else missing = true;
    }
  }
  return missing ? { width, height, data, mask } : { width, height, data };
}

/** Bilinear between valid samples; NaN outside and over what is not valid. */
function sampleAt({ data, mask, width, height }: Plane, x: number, y: number, nearest: boolean): number {
  if (!(x >= 0 && y >= 0 && x <= width && y <= height)) return Number.NaN;
  const own = Math.min(height - 1, Math.floor(y)) * width + Math.min(width - 1, Math.floor(x));
  if (mask?.[own] === 0) return Number.NaN;
  if (nearest) return data[own]!;
  const [x0, y0] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const [fx, fy] = [x - 0.5 - x0, y - 0.5 - y0];
  let [sum, weight] = [0, 0];
  for (const [dx, dy, w] of [
    [0, 0, (1 - fx) * (1 - fy)],
    [1, 0, fx * (1 - fy)],
    [0, 1, (1 - fx) * fy],
    [1, 1, fx * fy],
  ] as const) {
    const at = Math.min(height - 1, Math.max(0, y0 + dy)) * width + Math.min(width - 1, Math.max(0, x0 + dx));
    if (mask?.[at] === 0) continue;
    sum += w * data[at]!;
    weight += w;
  }
  return sum / weight;
}
