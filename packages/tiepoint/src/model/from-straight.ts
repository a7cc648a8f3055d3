import {
  adaptTransform,
  applyTransform,
  identity,
  isMatrixTransform,
  splineThrough,
  type Transform,
} from '@tiepoint/geometry';
import type { ImageSize } from '../inputs/overlap.js';
import { fromStraight, type Straightened, straightPoint } from '../inputs/straighten.js';
import type { FileModel } from './file-model.js';

/** Points a side of the lattice that carries a map that no model holds exactly. */
const side = 20;

/** A model of straightened images as one of the files themselves. */
export function modelFromStraight(
  model: FileModel,
  { bends }: Pick<Straightened, 'bends'>,
  sensed: ImageSize,
): FileModel {
  if (bends.reference === null && bends.sensed === null) return model;
  const source = model.points.source.slice();
  const target = model.points.target.slice();
  fromStraight(bends.sensed)(source);
  fromStraight(bends.reference)(target);
  return {
    ...model,
    points: { ...model.points, source, target },
    sensedToReference: joined(model.sensedToReference, { bends }, sensed),
    covarianceAt: (x, y) => model.covarianceAt(...straightPoint(bends.sensed, [x, y])),
    jointCovariance: (places) =>
      model.jointCovariance(bends.sensed === null ? places : applyTransform(bends.sensed.toStraight, places)),
  };
}

/** Sensed file → straight sensed → straight reference → reference file. */
function joined(transform: Transform, { bends }: Pick<Straightened, 'bends'>, { width, height }: ImageSize): Transform {
  const isAffine = isMatrixTransform(transform) && transform.model !== 'projective';
  if (bends.reference === null && bends.sensed !== null && isAffine) {
    const exact = adaptTransform(bends.sensed.toStraight, identity, transform);
    if (exact !== null) return exact;
  }
  const source = Float64Array.from({ length: 2 * side * side }, (_, i) => {
    const at = i >> 1;
    return i % 2 === 0 ? (width * (at % side)) / (side - 1) : (height * Math.floor(at / side)) / (side - 1);
  });
  const target = bends.sensed === null ? source.slice() : applyTransform(bends.sensed.toStraight, source);
  applyTransform(transform, target, target);
  fromStraight(bends.reference)(target);
  const usable = source.filter(
    (_, i) => Number.isFinite(target[i - (i % 2)]) && Number.isFinite(target[i - (i % 2) + 1]),
  );
  const places = target.filter(
    (_, i) => Number.isFinite(target[i - (i % 2)]) && Number.isFinite(target[i - (i % 2) + 1]),
  );
  return splineThrough(usable, places) ?? transform;
}
