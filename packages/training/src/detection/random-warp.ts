import {
  composeTransforms,
  type Matrix3,
  type MatrixTransform,
  projective,
  similarity,
  translation,
} from '@tiepoint/geometry';
import type { Random } from 'onnx-grad';

/** How far a random projective warp goes. */
export interface WarpRange {
  /** Rotation at most, rad either way. */
  readonly rotation: number;
  /** Scale at most; at least one over it. Uniform in its logarithm. */
  readonly scale: number;
  /** How far corners of a square move by perspective and shear, a share of half its side. */
  readonly perspective: number;
  /** Displacement of the centre at most, px. */
  readonly shift: number;
}

/** Rotations by half a radian, scales from 0.8 to 1.25, perspective as of a tilted camera. */
export const defaultWarp: WarpRange = { rotation: 0.5, scale: 1.25, perspective: 0.1, shift: 8 };

/**
 * A random projective map of a square of `side` px: rotation and scale about its centre, then shear and perspective, then a shift.
 *
 * @returns px of the warped square to px of the square
 */
export function randomWarp(random: Random, side: number, range: WarpRange): MatrixTransform {
  const spread = (most: number): number => most * (2 * random.uniform() - 1);
  const turned = similarity(Math.exp(spread(Math.log(range.scale))), spread(range.rotation), 0, 0);
  const half = side / 2;
  const tilt = range.perspective / 2;
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
  const centred = composeTransforms(projective(bent), composeTransforms(turned, translation(-half, -half)));
  return composeTransforms(translation(half + spread(range.shift), half + spread(range.shift)), centred);
}

/** One of the eight turns and mirrorings of a square of `side` px about its centre. */
export function randomDihedral(random: Random, side: number): MatrixTransform {
  const [turns, flip] = [random.integer(4), random.uniform() < 0.5 ? -1 : 1];
  const [c, s] = [[1, 0, -1, 0][turns]!, [0, 1, 0, -1][turns]!];
  const turn = projective([c * flip, -s, 0, s * flip, c, 0, 0, 0, 1]);
  return composeTransforms(translation(side / 2, side / 2), composeTransforms(turn, translation(-side / 2, -side / 2)));
}
