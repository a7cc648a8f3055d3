import { TiepointError, type Transform, transformPoint } from '@tiepoint/geometry';
import { type Crs, parseCrs, pixelToMap, transformerBetween } from '@tiepoint/raster';
import { type ProvenanceInput, type Registration, transformFromJson } from 'tiepoint';
import { metresPerPixel, placedByFiles, type PlacedImage } from 'tiepoint/node';
import type { Outcome } from '../journal/record.js';

const wgs84: Crs = { name: 'WGS 84', code: 'EPSG:4326', definition: null, kind: 'geographic' };

async function placed({ source, width, height, geotransform, crs }: ProvenanceInput): Promise<PlacedImage> {
  const known = crs === undefined ? null : await parseCrs(crs);
  const georeference = geotransform === undefined ? null : { geotransform, crs: known, origin: 'file' as const };
  return { name: source, width, height, georeference };
}

/** Points along the border of an image, without the first again. */
function border({ width, height }: PlacedImage): readonly (readonly [number, number])[] {
  const along = [0, 0.25, 0.5, 0.75];
  return [
    ...along.map((t) => [t * width, 0] as const),
    ...along.map((t) => [width, t * height] as const),
    ...along.map((t) => [(1 - t) * width, height] as const),
    ...along.map((t) => [0, (1 - t) * height] as const),
  ];
}

/** The border of the sensed image on the Earth: through the reference where it was registered, else as its file says. */
async function footprintOf(
  reference: PlacedImage,
  sensed: PlacedImage,
  transform: Transform | null,
): Promise<Outcome['footprint']> {
  const frame = transform === null ? sensed : reference;
  const { georeference } = frame;
  if (georeference === null || georeference.crs === null) return null;
  const pixels = border(sensed).map(([x, y]) =>
    transform === null ? ([x, y] as const) : transformPoint(transform, x, y),
  );
  const points = Float64Array.from(pixels.flatMap(([x, y]) => pixelToMap(georeference.geotransform, x, y)));
  (await transformerBetween(georeference.crs, wgs84)).forward(points);
  if (!points.every(Number.isFinite)) return null;
  const ring = pixels.map((_, i): [number, number] => [points[2 * i]!, points[2 * i + 1]!]);
  return [...ring, ring[0]!];
}

type Shift = Pick<Outcome, 'shiftX' | 'shiftY' | 'shiftMetres'>;

async function shiftOf(reference: PlacedImage, sensed: PlacedImage, transform: Transform | null): Promise<Shift> {
  if (transform === null) return { shiftX: null, shiftY: null, shiftMetres: null };
  const before = await placedByFiles(reference, sensed);
  const [cx, cy] = [sensed.width / 2, sensed.height / 2];
  const [x0, y0] = transformPoint(before, cx, cy);
  const [x1, y1] = transformPoint(transform, cx, cy);
  const metres = await metresPerPixel(reference.georeference, reference.width, reference.height);
  const length = Math.hypot(x1 - x0, y1 - y0);
  return { shiftX: x1 - x0, shiftY: y1 - y0, shiftMetres: metres === null ? null : length * metres };
}

/** What the file system or a coordinate system cannot say stands as unknown in a summary; the registration itself is done. */
async function unlessUnknown<T>(find: () => Promise<T>, unknown: T): Promise<T> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof TiepointError) return unknown;
    throw error;
  }
}

/** What a summary shows of a registration, from its document alone. */
export async function outcomeOf(registration: Registration): Promise<Outcome> {
  const { verdict, reasons, warnings, model, tiePoints, inliers, accuracy, seconds, provenance } = registration;
  const transform = transformFromJson(registration);
  const [reference, sensed] = (['reference', 'sensed'] as const).map((role) =>
    provenance.inputs.find((input) => input.role === role),
  );
  const none = { footprint: null, shiftX: null, shiftY: null, shiftMetres: null };
  const place = async (): Promise<typeof none | (Shift & Pick<Outcome, 'footprint'>)> => {
    if (reference === undefined || sensed === undefined) return none;
    const [fixed, moving] = [await placed(reference), await placed(sensed)];
    return {
      footprint: await unlessUnknown(() => footprintOf(fixed, moving, transform), null),
      ...(await unlessUnknown(() => shiftOf(fixed, moving, transform), none)),
    };
  };
  return {
    verdict,
    reasons,
    warnings,
    model,
    tiePoints,
    inliers,
    ce90: accuracy?.ce90 ?? null,
    checkRmse: accuracy?.checkRmse ?? null,
    predictedSd: accuracy?.predictedSd ?? null,
    ce90Metres: accuracy?.ce90Metres ?? null,
    ...(await unlessUnknown(place, none)),
    seconds,
  };
}
