import { applyTransform } from '@tiepoint/geometry';
import { type Bend, bendOf, newtonMap, type RasterFile, straightened } from '@tiepoint/raster';
import type { ImportedTiePoints } from './imported-tie-points.js';
import type { RegisterOptions } from './register-options.js';

/** File px → px of the straightened image; null of what was straight. */
export interface Bends {
  readonly reference: Bend | null;
  readonly sensed: Bend | null;
}

/**
 * Two files without their bends: images that control points or a geolocation grid place are matched as their best affine map
 * would show them, so that one start holds all over them.
 */
export interface Straightened {
  readonly reference: RasterFile;
  readonly sensed: RasterFile;
  readonly options: RegisterOptions;
  readonly bends: Bends;
  /** What is to be said of it. */
  readonly notes: readonly string[];
}

/** The files as they are to be matched. Without both georeferences bends say nothing, and none is taken out. */
export function straighten(reference: RasterFile, sensed: RasterFile, options: RegisterOptions): Straightened {
  const used = options.georeference !== false && reference.georeference !== null && sensed.georeference !== null;
  const bendIn = ({ georeference }: RasterFile): Bend | null => (used && georeference ? bendOf(georeference) : null);
  const bends = { reference: bendIn(reference), sensed: bendIn(sensed) };
  const without = (file: RasterFile, bend: Bend | null): RasterFile =>
    bend === null ? file : straightened(file, bend);
  const { mask, referenceMask, tiePoints } = options;
  return {
    reference: without(reference, bends.reference),
    sensed: without(sensed, bends.sensed),
    bends,
    options: {
      ...options,
      mask: mask && without(mask, bends.sensed),
      referenceMask: referenceMask && without(referenceMask, bends.reference),
      tiePoints: tiePoints && straightPoints(tiePoints, bends),
    },
    notes: [
      ...(bends.reference === null ? [] : [`${reference.name}: ${bends.reference.text}`]),
      ...(bends.sensed === null ? [] : [`${sensed.name}: ${bends.sensed.text}`]),
    ],
  };
}

/** Tie points of the files as they lie on the straightened images. */
export function straightPoints(given: ImportedTiePoints, bends: Bends): ImportedTiePoints {
  return {
    ...given,
    points: given.points.map((point) => ({
      ...point,
      sensed: straightPoint(bends.sensed, point.sensed),
      reference: straightPoint(bends.reference, point.reference),
    })),
  };
}

/** Where a pixel of the file lies on the straightened image. */
export function straightPoint(bend: Bend | null, [x, y]: readonly [number, number]): readonly [number, number] {
  if (bend === null) return [x, y];
  const [u, v] = applyTransform(bend.toStraight, Float64Array.of(x, y));
  return [u!, v!];
}

/** Px of the straightened image → px of the file, in place. */
export function fromStraight(bend: Bend | null): (points: Float64Array) => void {
  return bend === null ? () => {} : newtonMap(bend.toStraight);
}
