import type { Plane } from '@tiepoint/geometry';
import type { KeypointMethod, Prediction } from './method.js';

/** Keypoints and what describes them. */
export interface DescribedKeypoints {
  /** x, y, …, px, corner convention. */
  readonly xy: Float64Array;
  /** `[count, length]`, each of unit length. */
  readonly descriptors: Float32Array;
}

/** The nearest of `to` for each of `from`: for unit vectors, that of the largest inner product. */
function nearest(
  from: DescribedKeypoints,
  to: DescribedKeypoints,
): { readonly partner: Int32Array; readonly score: Float32Array } {
  const [n, m] = [from.xy.length / 2, to.xy.length / 2];
  const length = n > 0 ? from.descriptors.length / n : 0;
  const partner = new Int32Array(n).fill(-1);
  const score = new Float32Array(n).fill(-Infinity);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let product = 0;
      for (let k = 0; k < length; k++) product += from.descriptors[i * length + k]! * to.descriptors[j * length + k]!;
      if (product > score[i]!) [score[i], partner[i]] = [product, j];
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
