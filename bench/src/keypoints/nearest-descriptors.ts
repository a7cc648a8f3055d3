import type { Plane } from '@tiepoint/geometry';
import type { KeypointMethod, Prediction } from './method.js';

/** Keypoints and what describes them. */
export interface DescribedKeypoints {
  /** x, y, …, px, corner convention. */
  readonly xy: Float64Array;
  /** `[descriptors, length]`, each of unit length. */
  readonly descriptors: Float32Array;
  /** Which keypoint each descriptor is of, where some have several or none; one each in their order unless given. */
  readonly owner?: Int32Array;
}

/** The nearest of others for each keypoint. */
export interface Nearest {
  /** Index, −1 for none. */
  readonly partner: Int32Array;
  /** Larger is nearer. */
  readonly score: Float32Array;
}

/** The owner of each descriptor. */
function ownersOf({ xy, owner }: DescribedKeypoints): Int32Array {
  return owner ?? Int32Array.from({ length: xy.length / 2 }, (_, i) => i);
}

/**
 * The nearest of `to` for each of `from`: that of the likeliest pair of descriptors.
 *
 * @param likeness - of two descriptors by their inner product; the product itself unless given
 */
export function nearest(
  from: DescribedKeypoints,
  to: DescribedKeypoints,
  likeness: (product: number, i: number, j: number) => number = (product) => product,
): Nearest {
  const [owners, others] = [ownersOf(from), ownersOf(to)];
  const length = owners.length > 0 ? from.descriptors.length / owners.length : 0;
  const partner = new Int32Array(from.xy.length / 2).fill(-1);
  const score = new Float32Array(partner.length).fill(-Infinity);
  for (const [i, owner] of owners.entries()) {
    for (const [j, other] of others.entries()) {
      let product = 0;
      for (let k = 0; k < length; k++) product += from.descriptors[i * length + k]! * to.descriptors[j * length + k]!;
      const like = likeness(product, i, j);
      if (like > score[owner]!) [score[owner], partner[owner]] = [like, other];
    }
  }
  return { partner, score };
}

/** A method that describes each image by itself and matches the nearest descriptors. */
export function descriptorMethod(
  name: string,
  describe: (plane: Plane, count: number) => Promise<DescribedKeypoints>,
  close: () => Promise<void>,
): KeypointMethod {
  return {
    name,
    async predict(reference, sensed, count): Promise<Prediction> {
      const begin = performance.now();
      const [a, b] = [await describe(reference, count), await describe(sensed, count)];
      const { partner, score } = nearest(a, b);
      const { partner: back } = nearest(b, a);
      const seconds = (performance.now() - begin) / 1000;
      return { keypoints: { reference: a.xy, sensed: b.xy }, partner, score, back, seconds };
    },
    close,
  };
}
