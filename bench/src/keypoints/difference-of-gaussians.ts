import { type Grid, smoothGrid } from './line-filter.js';

/** The first scale of an octave, px, the scale an image is taken to have, and layers an octave (Lowe 2004). */
const firstScale = 1.6;
const imageScale = 0.5;
const layers = 3;
/** Least contrast, of a full scale of 1, and ratio of curvatures above which an extremum lies on an edge. */
const contrast = 0.01 / layers;
const edge = 10;
const border = 5;

/** Smoothed images of one octave: scale `firstScale · 2^(layer / 3)` samples each. */
export interface Octave {
  /** Px a sample. */
  readonly step: number;
  readonly smoothed: readonly Grid[];
}

/** An extremum of the differences between scales. */
export interface Extremum {
  readonly octave: number;
  /** Of the smoothed image nearest in scale; 1 to `layers`. */
  readonly layer: number;
  /** Samples of the octave, whole: the nearest one. */
  readonly column: number;
  readonly row: number;
  /** Px of the image, corner convention, between samples. */
  readonly x: number;
  readonly y: number;
  /** Samples of the octave. */
  readonly scale: number;
  readonly strength: number;
}

/** The octaves of an image of values from 0 to 1, down to 16 samples a side. */
export function gaussianOctaves(image: Grid): Octave[] {
  const octaves: Octave[] = [];
  let base = smoothGrid(image, Math.sqrt(firstScale ** 2 - imageScale ** 2));
  for (let step = 1; Math.min(base.width, base.height) >= 16; step *= 2) {
    const smoothed = [base];
    for (let layer = 1; layer < layers + 3; layer++) {
      const [from, to] = [layer - 1, layer].map((n) => firstScale * 2 ** (n / layers));
      smoothed.push(smoothGrid(smoothed.at(-1)!, Math.sqrt(to! ** 2 - from! ** 2)));
    }
    octaves.push({ step, smoothed });
    const next = smoothed[layers]!;
    const [width, height] = [next.width >> 1, next.height >> 1];
    const data = Float32Array.from(
      { length: width * height },
      (_, i) => next.data[2 * Math.floor(i / width) * next.width + 2 * (i % width)]!,
    );
    base = { width, height, data };
  }
  return octaves;
}

/** Solves a symmetric system of three by Cramer's rule; null where it has no solution. */
function solve3(
  [a, b, c, d, e, f]: readonly [xx: number, xy: number, xs: number, yy: number, ys: number, ss: number],
  [u, v, w]: readonly [number, number, number],
): readonly [number, number, number] | null {
  const det = a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d);
  if (Math.abs(det) < 1e-20) return null;
  return [
    (u * (d * f - e * e) - b * (v * f - e * w) + c * (v * e - d * w)) / det,
    (a * (v * f - e * w) - u * (b * f - c * e) + c * (b * w - v * c)) / det,
    (a * (d * w - v * e) - b * (b * w - v * c) + u * (b * e - c * d)) / det,
  ];
}

/** The extremum near a sample by a quadratic (Lowe 2004, (2), (3)); null where it is weak, on an edge or elsewhere. */
function refine(
  differences: readonly Float32Array[],
  width: number,
  height: number,
  start: readonly [column: number, row: number, layer: number],
): { offset: readonly [number, number, number]; at: readonly [number, number, number]; strength: number } | null {
  let [column, row, layer] = start;
  for (let attempt = 0; attempt < 5; attempt++) {
    const i = row * width + column;
    const [below, here, above] = [differences[layer - 1]!, differences[layer]!, differences[layer + 1]!];
    const v = here[i]!;
    const gradient = [
      (here[i + 1]! - here[i - 1]!) / 2,
      (here[i + width]! - here[i - width]!) / 2,
      (above[i]! - below[i]!) / 2,
    ] as const;
    const xx = here[i + 1]! + here[i - 1]! - 2 * v;
    const yy = here[i + width]! + here[i - width]! - 2 * v;
    const ss = above[i]! + below[i]! - 2 * v;
    const xy = (here[i + width + 1]! - here[i + width - 1]! - here[i - width + 1]! + here[i - width - 1]!) / 4;
    const xs = (above[i + 1]! - above[i - 1]! - below[i + 1]! + below[i - 1]!) / 4;
    const ys = (above[i + width]! - above[i - width]! - below[i + width]! + below[i - width]!) / 4;
    const step = solve3([xx, xy, xs, yy, ys, ss], gradient);
    if (step === null) return null;
    const offset = [-step[0], -step[1], -step[2]] as const;
    if (offset.every((t) => Math.abs(t) < 0.5)) {
      const strength = Math.abs(v + (gradient[0] * offset[0] + gradient[1] * offset[1] + gradient[2] * offset[2]) / 2);
      const determinant = xx * yy - xy * xy;
      if (strength < contrast || !(determinant > 0) || (xx + yy) ** 2 * edge >= (edge + 1) ** 2 * determinant)
        return null;
      return { offset, at: [column, row, layer], strength };
    }
    [column, row, layer] = [column + Math.round(offset[0]), row + Math.round(offset[1]), layer + Math.round(offset[2])];
    const outside = column < border || row < border || column >= width - border || row >= height - border;
    if (outside || layer < 1 || layer > layers) return null;
  }
  return null;
}

/** Whether a sample is larger than all its 26 neighbours in place and scale; of the negated differences for minima. */
function isExtremum(differences: readonly Float32Array[], layer: number, i: number, width: number): boolean {
  const v = differences[layer]![i]!;
  const sign = Math.sign(v);
  for (let l = layer - 1; l <= layer + 1; l++) {
    const values = differences[l]!;
    for (let dy = -width; dy <= width; dy += width) {
      for (let dx = -1; dx <= 1; dx++) {
        if ((l !== layer || dx !== 0 || dy !== 0) && sign * values[i + dy + dx]! >= sign * v) return false;
      }
    }
  }
  return true;
}

/** The extrema of the differences of Gaussians (Lowe 2004, §3, §4), in no particular order. */
export function gaussianExtrema(octaves: readonly Octave[]): Extremum[] {
  const found: Extremum[] = [];
  for (const [octave, { step, smoothed }] of octaves.entries()) {
    const { width, height } = smoothed[0]!;
    const differences = smoothed.slice(1).map(({ data }, l) => data.map((v, i) => v - smoothed[l]!.data[i]!));
    for (let layer = 1; layer <= layers; layer++) {
      for (let row = border; row < height - border; row++) {
        for (let column = border; column < width - border; column++) {
          const i = row * width + column;
          if (Math.abs(differences[layer]![i]!) <= 0.5 * contrast || !isExtremum(differences, layer, i, width))
            continue;
          const refined = refine(differences, width, height, [column, row, layer]);
          if (refined === null) continue;
          const { offset, at, strength } = refined;
          found.push({
            octave,
            layer: at[2],
            column: at[0],
            row: at[1],
            // Octaves keep every second sample, so that samples stay where the first ones are.
            x: (at[0] + offset[0]) * step + 0.5,
            y: (at[1] + offset[1]) * step + 0.5,
            scale: firstScale * 2 ** ((at[2] + offset[2]) / layers),
            strength,
          });
        }
      }
    }
  }
  return found;
}
