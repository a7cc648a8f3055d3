import { circularError, type Covariance2, inverseTransformPoint, transformPoint } from '@tiepoint/geometry';
import type { ImageSize } from '../inputs/overlap.js';
import type { ImagePlace } from './solve-network.js';

/** How well the place of an image is known relative to the reference of its series; px of the reference. */
export interface PlaceAccuracy {
  /** Mean covariance over the image, px². */
  readonly covariance: Covariance2;
  /** Standard deviation of an axis, root mean square over the image. */
  readonly predictedSd: number;
  /** Radius that holds 90 % of the errors, of the mean covariance and where it is worst. */
  readonly ce90: number;
  readonly worstCe90: number;
}

/** Places along each side at which accuracy is looked at. */
const side = 9;

/** Propagates the covariance of a network to an image: to what of it lies on the reference, or to all of it where nothing does. */
export function placeAccuracy(place: ImagePlace, image: ImageSize, reference: ImageSize): PlaceAccuracy {
  const lattice = ({ width, height }: ImageSize): readonly (readonly [number, number])[] =>
    Array.from({ length: side * side }, (_, i) => [
      (width * ((i % side) + 0.5)) / side,
      (height * (Math.floor(i / side) + 0.5)) / side,
    ]);
  const isInside = ([x, y]: readonly [number, number], { width, height }: ImageSize): boolean =>
    x >= 0 && y >= 0 && x <= width && y <= height;
  const shared = lattice(reference).filter(([x, y]) => {
    const own = inverseTransformPoint(place.transform, x, y, [image.width / 2, image.height / 2]);
    return own !== null && isInside(own, image);
  });
  const places = shared.length > 0 ? shared : lattice(image).map(([x, y]) => transformPoint(place.transform, x, y));
  const all = places.map(([x, y]) => place.covarianceAt(x, y));
  const mean = (k: 0 | 1 | 2): number => all.reduce((sum, one) => sum + one[k], 0) / all.length;
  const covariance: Covariance2 = [mean(0), mean(1), mean(2)];
  return {
    covariance,
    predictedSd: Math.sqrt((covariance[0] + covariance[2]) / 2),
    ce90: circularError(covariance),
    worstCe90: Math.max(...all.map((one) => circularError(one))),
  };
}
