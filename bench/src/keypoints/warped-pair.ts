import {
  composeTransforms,
  createRandom,
  invertTransform,
  type Matrix3,
  type Plane,
  projective,
  resamplePlane,
  similarity,
  transformPoint,
  translation,
} from '@tiepoint/geometry';
import type { AlignedPair } from '../registration/dataset.js';
import type { Truth } from './metrics.js';

/** A pair whose sensed image was warped by a known projective map. */
export interface ProjectivePair {
  readonly id: string;
  readonly set: string;
  readonly reference: Plane;
  readonly sensed: Plane;
  readonly truth: Truth;
}

/**
 * Warps the sensed image about the reference's centre: rotation within ±30°, scale 0.8 to 1.25, shear and perspective that move corners
 * by up to a twelfth of the half side each, a shift within ±10 px. The paper says "projective" and no more.
 */
export function warpProjectively(pair: AlignedPair, seed: number): ProjectivePair {
  const { width, height } = pair.reference;
  const random = createRandom(seed);
  const spread = (most: number): number => most * (2 * random.uniform() - 1);
  const turned = similarity(Math.exp(spread(Math.log(1.25))), spread(Math.PI / 6), 0, 0);
  const half = Math.max(width, height) / 2;
  const tilt = 1 / 12;
  const bent: Matrix3 = [
    1 + spread(tilt),
    spread(tilt),
    0,
    spread(tilt),
    1 + spread(tilt),
    0,
    spread(tilt) / half,
    spread(tilt) / half,
    1,
  ];
  const [cx, cy] = transformPoint(pair.referenceToSensed, width / 2, height / 2);
  const centred = composeTransforms(projective(bent), composeTransforms(turned, translation(-cx, -cy)));
  const motion = composeTransforms(translation(width / 2 + spread(10), height / 2 + spread(10)), centred);
  const sensed = resamplePlane(pair.sensed, width, height, invertTransform(motion)!, { kernel: 'cubic' });
  // Cubic interpolation overshoots; the originals are 8-bit.
  for (let i = 0; i < sensed.data.length; i++) sensed.data[i] = Math.min(255, Math.max(0, sensed.data[i]!));
  const sensedToReference = invertTransform(composeTransforms(motion, pair.referenceToSensed))!;
  const { id, set, reference } = pair;
  return { id, set, reference, sensed, truth: { reference, sensed, sensedToReference } };
}
