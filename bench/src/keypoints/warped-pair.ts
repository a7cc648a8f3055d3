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

/** Longest side of the images, px: of larger ones the middle is taken, so that as many keypoints lie as dense in all. */
const longest = 512;

/** The middle of a plane, and where it begins. */
function middleOf(plane: Plane): { readonly plane: Plane; readonly left: number; readonly top: number } {
  const [width, height] = [Math.min(longest, plane.width), Math.min(longest, plane.height)];
  const [left, top] = [(plane.width - width) >> 1, (plane.height - height) >> 1];
  const cut = <A extends Float32Array | Uint8Array>(from: A, to: A): A => {
    for (let y = 0; y < height; y++) {
      const start = (top + y) * plane.width + left;
      to.set(from.subarray(start, start + width), y * width);
    }
    return to;
  };
  const data = cut(plane.data, new Float32Array(width * height));
  const mask = plane.mask && cut(plane.mask, new Uint8Array(width * height));
  return { plane: mask ? { width, height, data, mask } : { width, height, data }, left, top };
}

/**
 * Warps the sensed image about the reference's centre: rotation within ±30°, scale 0.8 to 1.25, shear and perspective that move corners
 * by up to a twelfth of the half side each, a shift within ±10 px. The paper says "projective" and no more.
 */
export function warpProjectively(pair: AlignedPair, seed: number): ProjectivePair {
  const { plane: reference, left, top } = middleOf(pair.reference);
  const { width, height } = reference;
  const referenceToOriginal = composeTransforms(pair.referenceToSensed, translation(left, top));
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
  const [cx, cy] = transformPoint(referenceToOriginal, width / 2, height / 2);
  const centred = composeTransforms(projective(bent), composeTransforms(turned, translation(-cx, -cy)));
  const motion = composeTransforms(translation(width / 2 + spread(10), height / 2 + spread(10)), centred);
  const sensed = resamplePlane(pair.sensed, width, height, invertTransform(motion)!, { kernel: 'cubic' });
  // Cubic interpolation overshoots; the originals are 8-bit.
  for (let i = 0; i < sensed.data.length; i++) sensed.data[i] = Math.min(255, Math.max(0, sensed.data[i]!));
  const sensedToReference = invertTransform(composeTransforms(motion, referenceToOriginal))!;
  const { id, set } = pair;
  return { id, set, reference, sensed, truth: { reference, sensed, sensedToReference } };
}
