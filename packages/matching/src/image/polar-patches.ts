import { type Patches, sampleInto } from './patches.js';
import { type Pyramid, levelFor } from './pyramid.js';

/** Samples of a polar patch: rows are rings, from the inside out; columns are directions, from +x on towards +y. */
export const polarGrid = { rings: 24, directions: 64 } as const;

/** Radius of the innermost ring, px of the patch: keypoints are no more exact than that. */
const innermost = 2;

/** Where a polar patch lies: its centre in the image, and the map from px of the patch to px of the image around it. */
export interface PolarPlace {
  readonly x: number;
  readonly y: number;
  /** Row by row: image px of a patch px along +x and +y. */
  readonly toImage: readonly [a: number, b: number, c: number, d: number];
  /** Radius of the outermost ring, px of the patch. */
  readonly radius: number;
}

/** Cosine and sine of each direction. */
const angles = Float64Array.from({ length: polarGrid.directions }, (_, i) => (2 * Math.PI * i) / polarGrid.directions);
const [cosines, sines] = [angles.map(Math.cos), angles.map(Math.sin)];

/**
 * Samples polar patch number `index` bilinearly: rings at radii that grow geometrically, each from the level of the pyramid whose
 * samples are as large as the distance to the next. A rotation of the image shifts the patch along its columns.
 *
 * @param out - `polarGrid.directions` wide and `polarGrid.rings` high
 * @returns the share of valid samples, 0 to 1
 */
export function samplePolarPatch(pyramid: Pyramid, place: PolarPlace, out: Patches, index: number): number {
  const { rings, directions } = polarGrid;
  const [a, b, c, d] = place.toImage;
  const scale = Math.sqrt(Math.abs(a * d - b * c));
  const growth = (place.radius / innermost) ** (1 / (rings - 1));
  // Samples of a ring and the rings themselves lie at different distances: their geometric mean is what a sample stands for.
  const spacing = Math.sqrt(((2 * Math.PI) / directions) * Math.log(growth));
  let valid = 0;
  for (let ring = 0; ring < rings; ring++) {
    const radius = innermost * growth ** ring;
    const level = levelFor(pyramid, scale * radius * spacing);
    const plane = pyramid.levels[level]!;
    const shrink = 1 / 2 ** level;
    const base = (index * rings + ring) * directions;
    for (let direction = 0; direction < directions; direction++) {
      const cos = cosines[direction]!;
      const sin = sines[direction]!;
      const x = (place.x + radius * (a * cos + b * sin)) * shrink - 0.5;
      const y = (place.y + radius * (c * cos + d * sin)) * shrink - 0.5;
      if (sampleInto(plane, x, y, out, base + direction)) valid++;
    }
  }
  return valid / (rings * directions);
}

/** Gives the valid samples of patch `index` zero mean and unit variance, in place; the others are 0. A flat patch stays flat. */
export function standardisePatch({ width, height, data, valid }: Patches, index: number): void {
  const [from, to] = [index * width * height, (index + 1) * width * height];
  let [sum, squares, count] = [0, 0, 0];
  for (let i = from; i < to; i++) {
    if (valid[i] === 0) continue;
    sum += data[i]!;
    squares += data[i]! ** 2;
    count++;
  }
  const mean = count > 0 ? sum / count : 0;
  const deviation = count > 0 ? Math.sqrt(Math.max(squares / count - mean * mean, 0)) : 0;
  const factor = deviation > 1e-6 * Math.max(1, Math.abs(mean)) ? 1 / deviation : 0;
  for (let i = from; i < to; i++) data[i] = valid[i] === 0 ? 0 : (data[i]! - mean) * factor;
}
