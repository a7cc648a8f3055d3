import { fitTransform, isMatrixTransform, type MatrixTransform, TiepointError } from '@tiepoint/geometry';
import {
  type Approximation,
  invertGeoTransform,
  middleLongitude,
  pixelToMap,
  type RasterFile,
  transformerBetween,
  turnLongitudes,
} from '@tiepoint/raster';
import { areaOf, latticeIn, overlapOf, type Polygon } from './overlap.js';

/** What the start needs of a file. */
export type PlacedImage = Pick<RasterFile, 'name' | 'width' | 'height' | 'georeference'>;

/** Where georeferences place two images on each other. */
export interface GeoreferencedStart {
  /** Reference pixel → sensed pixel. */
  readonly referenceToSensed: MatrixTransform;
  /** What of the way between their systems is approximate; null where nothing is. */
  readonly approximation: Approximation | null;
}

/** Points a side of the lattice that the affine map is fitted over. */
const side = 9;

/**
 * The affine map that two georeferences imply, reference pixel → sensed pixel, in full-resolution pixels.
 * Between different coordinate reference systems it is the affine map that fits best over the ground the images share; what is
 * left over is smooth and found by matching.
 *
 * @returns null where either file has no georeference
 * @throws TiepointError `no-overlap` where the files lie apart on the ground
 */
export async function georeferencedStart(
  reference: PlacedImage,
  sensed: PlacedImage,
): Promise<GeoreferencedStart | null> {
  const [from, to] = [reference.georeference, sensed.georeference];
  if (from === null || to === null) return null;
  const toSensedPixel = invertGeoTransform(to.geotransform);
  if (toSensedPixel === null) return null;
  const alike = from.crs === null || to.crs === null || (from.crs.code !== null && from.crs.code === to.crs.code);
  const transformer = alike ? null : await transformerBetween(from.crs, to.crs, { approximate: true });
  const centre = middleLongitude(to, sensed);
  const fitOver = (ground: Polygon): MatrixTransform | null => {
    const pixels = latticeIn(ground, side);
    const target = Float64Array.from(pixels.flatMap(([x, y]) => pixelToMap(from.geotransform, x, y)));
    transformer?.forward(target);
    if (centre !== null) turnLongitudes(target, centre);
    const pairs = pixels.flatMap((pixel, i) => {
      const place = pixelToMap(toSensedPixel, target[2 * i]!, target[2 * i + 1]!);
      return place.every(Number.isFinite) ? [{ pixel, place }] : [];
    });
    const fit = fitTransform(
      {
        source: Float64Array.from(pairs.flatMap(({ pixel }) => pixel)),
        target: Float64Array.from(pairs.flatMap(({ place }) => place)),
      },
      'affine',
    );
    return fit !== null && isMatrixTransform(fit.transform) ? fit.transform : null;
  };
  const { width, height } = reference;
  const whole = fitOver([
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ]);
  if (whole === null) return null;
  const overlap = overlapOf(reference, sensed, whole);
  if (areaOf(overlap) === 0) {
    throw new TiepointError(
      'no-overlap',
      'the georeferences place the two images apart: they have no ground in common',
      {
        hint: 'check the files, or ignore their georeferences with --no-georeference',
        value: `${reference.name}, ${sensed.name}`,
      },
    );
  }
  return { referenceToSensed: fitOver(overlap) ?? whole, approximation: transformer?.approximation ?? null };
}
