import { TiepointError, type Transform, transformPoint } from '@tiepoint/geometry';
import { parseCrs } from '@tiepoint/raster';
import { footprintOf, type ProvenanceInput, type Registration, transformFromJson } from 'tiepoint';
import { metresPerPixel, placedByFiles, type PlacedImage } from 'tiepoint/node';
import type { Outcome } from '../journal/record.js';

async function placed({ source, width, height, geotransform, crs }: ProvenanceInput): Promise<PlacedImage> {
  const known = crs === undefined ? null : await parseCrs(crs);
  const georeference = geotransform === undefined ? null : { geotransform, crs: known, origin: 'file' as const };
  return { name: source, width, height, georeference };
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
      footprint: await unlessUnknown(() => footprintOf(transform === null ? moving : fixed, moving, transform), null),
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
