import type { Plane } from '@tiepoint/geometry';
import { type Extremum, gaussianExtrema, gaussianOctaves, type Octave } from './difference-of-gaussians.js';
import { type Grid, sobel } from './line-filter.js';
import type { DescribedKeypoints } from './nearest-descriptors.js';
import { describePolar, dominantAngles, type GradientField, gradientField, polarLength } from './polar-descriptor.js';

/** Keypoints with what PSO-SIFT's matching asks of each descriptor. */
export interface PsoKeypoints extends DescribedKeypoints {
  readonly owner: Int32Array;
  /** Of each descriptor: scale, px of the image, and direction, rad. */
  readonly scale: Float64Array;
  readonly angle: Float64Array;
}

/**
 * The gradient of the gradient's magnitude, both by Sobel (Ma et al. 2017, (1)–(3)): a reversal of contrast between sensors does not
 * turn it round.
 */
export function gradientOfMagnitude(image: Grid): GradientField {
  const { width, height } = image;
  const [gx, gy] = sobel(image);
  const magnitude = gx.data.map((v, i) => Math.hypot(v, gy.data[i]!));
  const [xx, yy] = sobel({ width, height, data: magnitude });
  return gradientField(width, height, xx.data, yy.data);
}

/** The fields that keypoints are described in, made when the first asks. */
function fieldsOf(octaves: readonly Octave[]): (at: Extremum) => GradientField {
  const made = new Map<Grid, GradientField>();
  return ({ octave, layer }) => {
    const image = octaves[octave]!.smoothed[layer]!;
    const field = made.get(image) ?? gradientOfMagnitude(image);
    made.set(image, field);
    return field;
  };
}

/** Keypoints of PSO-SIFT: SIFT's, the strongest `count`, described in gradients of gradients. */
export function psoSift(plane: Plane, count: number): PsoKeypoints {
  const octaves = gaussianOctaves({ ...plane, data: plane.data.map((v) => v / 255) });
  const { width, mask } = plane;
  const places = gaussianExtrema(octaves)
    .filter(({ x, y }) => mask?.[Math.floor(y) * width + Math.floor(x)] !== 0)
    .toSorted((a, b) => b.strength - a.strength)
    .slice(0, count);
  const fieldOf = fieldsOf(octaves);
  const rows: {
    readonly owner: number;
    readonly scale: number;
    readonly angle: number;
    readonly vector: Float32Array;
  }[] = [];
  for (const [owner, place] of places.entries()) {
    const field = fieldOf(place);
    const { column, row, scale } = place;
    for (const angle of dominantAngles(field, column, row, scale)) {
      const vector = new Float32Array(polarLength);
      describePolar(field, { column, row, scale, angle }, vector);
      rows.push({ owner, scale: scale * octaves[place.octave]!.step, angle, vector });
    }
  }
  const descriptors = new Float32Array(rows.length * polarLength);
  for (const [i, { vector }] of rows.entries()) descriptors.set(vector, i * polarLength);
  return {
    xy: Float64Array.from(places.flatMap(({ x, y }) => [x, y])),
    descriptors,
    owner: Int32Array.from(rows, (r) => r.owner),
    scale: Float64Array.from(rows, (r) => r.scale),
    angle: Float64Array.from(rows, (r) => r.angle),
  };
}
