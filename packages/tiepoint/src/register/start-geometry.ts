import {
  applyTransform,
  fitTransform,
  isMatrixTransform,
  type MatrixTransform,
  TiepointError,
} from '@tiepoint/geometry';
import { invertGeoTransform, pixelToMap, type RasterFile, transformerBetween } from '@tiepoint/raster';

/**
 * The affine map that two georeferences imply, reference pixel → sensed pixel, in full-resolution pixels.
 * Between different coordinate reference systems it is the affine map that fits best over the reference; what is left over is
 * smooth and found by matching.
 *
 * @returns null where either file has no georeference
 * @throws TiepointError `no-overlap` where the files lie apart on the ground
 */
export async function georeferencedStart(reference: RasterFile, sensed: RasterFile): Promise<MatrixTransform | null> {
  const [from, to] = [reference.georeference, sensed.georeference];
  if (from === null || to === null) return null;
  const toSensedPixel = invertGeoTransform(to.geotransform);
  if (toSensedPixel === null) return null;
  const side = 9;
  const pixels = new Float64Array(2 * side * side);
  const ground = new Float64Array(2 * side * side);
  for (let i = 0; i < side * side; i++) {
    const x = ((i % side) / (side - 1)) * reference.width;
    const y = (Math.floor(i / side) / (side - 1)) * reference.height;
    pixels.set([x, y], 2 * i);
    ground.set(pixelToMap(from.geotransform, x, y), 2 * i);
  }
  if (from.crs !== null && to.crs !== null && (from.crs.code === null || from.crs.code !== to.crs.code)) {
    (await transformerBetween(from.crs, to.crs)).forward(ground);
  }
  const target = new Float64Array(ground.length);
  for (let i = 0; i < ground.length; i += 2) {
    target.set(pixelToMap(toSensedPixel, ground[i]!, ground[i + 1]!), i);
  }
  const kept = Array.from({ length: side * side }, (_, i) => i).filter(
    (i) => Number.isFinite(target[2 * i]!) && Number.isFinite(target[2 * i + 1]!),
  );
  const pick = (points: Float64Array): Float64Array =>
    Float64Array.from(kept.flatMap((i) => [points[2 * i]!, points[2 * i + 1]!]));
  const fit = fitTransform({ sensed: pick(pixels), reference: pick(target) }, 'affine');
  if (fit === null || !isMatrixTransform(fit.transform)) return null;
  const corners = applyTransform(fit.transform, pixels);
  const inside = corners.some(
    (x, i) => i % 2 === 0 && x >= 0 && x <= sensed.width && corners[i + 1]! >= 0 && corners[i + 1]! <= sensed.height,
  );
  if (!inside && !covers(fit.transform, reference, sensed)) {
    throw new TiepointError(
      'no-overlap',
      'the georeferences place the two images apart: they have no ground in common',
      {
        hint: 'check the files, or ignore their georeferences with --no-georeference',
        value: `${reference.name}, ${sensed.name}`,
      },
    );
  }
  return fit.transform;
}

/** Whether the sensed image lies inside the reference, between the lattice points that were tried. */
function covers(toSensed: MatrixTransform, reference: RasterFile, sensed: RasterFile): boolean {
  const box = applyTransform(
    toSensed,
    Float64Array.of(0, 0, reference.width, 0, 0, reference.height, reference.width, reference.height),
  );
  const xs = [box[0]!, box[2]!, box[4]!, box[6]!];
  const ys = [box[1]!, box[3]!, box[5]!, box[7]!];
  const [x, y] = [sensed.width / 2, sensed.height / 2];
  return x > Math.min(...xs) && x < Math.max(...xs) && y > Math.min(...ys) && y < Math.max(...ys);
}
