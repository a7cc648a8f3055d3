import { type Correspondences, rescale, TiepointError } from '@tiepoint/geometry';
import type { PixelScale } from './pixel-scale.js';

/** A tie point from elsewhere, between full-resolution pixels of the files. */
export interface ImportedTiePoint {
  readonly sensed: readonly [number, number];
  readonly reference: readonly [number, number];
  /** [xx, xy, yy], px² of the reference. */
  readonly covariance?: readonly [number, number, number] | undefined;
}

/** Tie points from elsewhere: picked by hand, surveyed, or of another tool. */
export interface ImportedTiePoints {
  readonly points: readonly ImportedTiePoint[];
  /** Where they come from, for the provenance. */
  readonly source: string;
  /** Standard deviation along each axis of those without a covariance, px of the reference; 1 where absent, and that is said. */
  readonly sd?: number | undefined;
  /** What was found odd when they were read. */
  readonly warnings?: readonly string[] | undefined;
}

const usualSd = 1;

/**
 * Imported tie points between the pixels of the planes that are matched.
 *
 * @throws TiepointError `invalid-option`, `invalid-control-points`
 */
export function importedCorrespondences(
  { points, sd = usualSd, source }: ImportedTiePoints,
  scale: PixelScale,
): Correspondences {
  if (!(sd > 0 && sd < 1e6)) {
    throw new TiepointError('invalid-option', `a standard deviation of ${sd} px cannot be used`, {
      hint: 'give a number above 0',
      value: sd,
    });
  }
  const covarianceOf = ({ covariance }: ImportedTiePoint): readonly [number, number, number] => {
    const [xx, xy, yy] = covariance ?? [sd * sd, 0, sd * sd];
    if (xx > 0 && xx * yy > xy * xy) return [xx, xy, yy];
    throw new TiepointError('invalid-control-points', `${source}: the covariance [${xx}, ${xy}, ${yy}] is none`, {
      hint: 'Give [xx, xy, yy] in squared pixels with xx > 0 and xx·yy > xy².',
      value: [xx, xy, yy],
    });
  };
  const ofFiles: Correspondences = {
    source: Float64Array.from(points.flatMap(({ sensed }) => sensed)),
    target: Float64Array.from(points.flatMap(({ reference }) => reference)),
    covariance: Float64Array.from(points.flatMap(covarianceOf)),
  };
  const inverse = ([x, y]: readonly [number, number]): readonly [number, number] => [1 / x, 1 / y];
  return rescale(ofFiles, inverse(scale.sensed), inverse(scale.reference));
}

/** What the user should know of how imported tie points were taken. */
export function importWarnings({ points, sd, source, warnings = [] }: ImportedTiePoints): readonly string[] {
  const without = points.filter(({ covariance }) => covariance === undefined).length;
  if (sd !== undefined || without === 0) return warnings;
  return [
    ...warnings,
    `${source}: ${without} tie points do not say how good they are; taken to be good to ${usualSd} px`,
  ];
}
