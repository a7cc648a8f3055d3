import {
  affineFromGeotransform,
  composeTransforms,
  identity,
  invertTransform,
  type MatrixTransform,
  type Transform,
} from '@tiepoint/geometry';
import type { RasterFile } from '@tiepoint/raster';
import type { RegistrationResult } from '../register/types.js';
import { transformFromJson } from '../solution/transform-json.js';
import { renderReport } from './page.js';
import { placeOnPreview, planesToDataUri, previewSize, readPreview } from './preview.js';

/** What of the images a report shows. */
export interface BuildReportOptions {
  /** Default `luminance`. */
  readonly band?: number | 'luminance';
  /** Default `luminance`. */
  readonly referenceBand?: number | 'luminance';
  readonly signal?: AbortSignal;
}

/** Where the files alone place the sensed image on the reference, and how. */
function filePlacement(reference: RasterFile, sensed: RasterFile): { transform: MatrixTransform; words: string } {
  const from = sensed.georeference;
  const to = reference.georeference;
  if (from !== null && to !== null && from.crs?.code === to.crs?.code) {
    const toPixels = invertTransform(affineFromGeotransform(to.geotransform));
    if (toPixels !== null) {
      const transform = composeTransforms(toPixels, affineFromGeotransform(from.geotransform));
      return { transform, words: 'where the georeferences of the files say' };
    }
  }
  return { transform: identity, words: 'pixel on pixel, upper left corners together' };
}

/** Reads previews of both images and renders the report of a registration. @throws TiepointError of reading. */
export async function buildReport(
  reference: RasterFile,
  sensed: RasterFile,
  result: RegistrationResult,
  options: BuildReportOptions = {},
): Promise<string> {
  const { registration, tiePoints } = result;
  const { signal } = options;
  const preview = previewSize(reference.width, reference.height);
  const sensedToReference = transformFromJson(registration);
  const referencePlanes = await readPreview(reference, options.referenceBand ?? 'luminance', preview, signal);
  const size = previewSize(sensed.width, sensed.height);
  const sensedPlanes = await readPreview(sensed, options.band ?? 'luminance', size, signal);
  const scale = [sensed.width / size.width, sensed.height / size.height] as const;
  const placement = filePlacement(reference, sensed);
  const place = (transform: Transform): Promise<string> =>
    planesToDataUri(sensedPlanes.map((plane) => placeOnPreview(plane, scale, transform, preview)));
  return renderReport({
    registration,
    tiePoints,
    sensedToReference,
    grid: { width: reference.width, height: reference.height },
    images: {
      reference: await planesToDataUri(referencePlanes),
      before: await place(placement.transform),
      after: sensedToReference === null ? null : await place(sensedToReference),
    },
    beforePlacement: placement.words,
  });
}
