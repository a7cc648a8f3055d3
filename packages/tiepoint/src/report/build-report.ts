import type { Transform } from '@tiepoint/geometry';
import type { RasterFile } from '@tiepoint/raster';
import { summariseDisplacements } from '../assess/assess.js';
import { displacementsOf } from '../assess/displacements.js';
import type { Trend } from '../assess/trends.js';
import { metresPerPixel } from '../result/ground-distance.js';
import { straighten } from '../inputs/straighten.js';
import { placementOfFiles } from '../inputs/file-placement.js';
import type { RegistrationResult } from '../result/registration-result.js';
import { transformFromJson } from '../result/transform-json.js';
import { drawMarks } from './marks-picture.js';
import { renderReport } from './page.js';
import { placeOnPreview, planesToDataUri, previewSize, readPreview } from './preview.js';

/** How a report is built. */
export interface BuildReportOptions {
  /** What the displacements depend on, of an assessment. */
  readonly trends?: readonly Trend[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How the files place the sensed image, in words. */
const placementWords = {
  pixel: 'pixel on pixel, upper left corners together',
  georeference: 'where the georeferences of the files say',
} as const;

/** What of a result a report shows. */
export type ReportedResult = Pick<RegistrationResult, 'registration' | 'tiePoints' | 'errorField' | 'marks'>;

/** Reads previews of both images and renders the report of a registration. @throws TiepointError of reading. */
export async function buildReport(
  reference: RasterFile,
  sensed: RasterFile,
  result: ReportedResult,
  options: BuildReportOptions = {},
): Promise<string> {
  const { registration, tiePoints, errorField, marks } = result;
  const { signal } = options;
  const bandOf = (role: 'reference' | 'sensed'): number | 'luminance' =>
    registration.provenance.inputs.find((input) => input.role === role)?.band ?? 'luminance';
  const preview = previewSize(reference.width, reference.height);
  const sensedToReference = transformFromJson(registration);
  const referencePlanes = await readPreview(reference, bandOf('reference'), preview, signal);
  const size = previewSize(sensed.width, sensed.height);
  const sensedPlanes = await readPreview(sensed, bandOf('sensed'), size, signal);
  const scale = [sensed.width / size.width, sensed.height / size.height] as const;
  const placement = await placementOfFiles(reference, sensed);
  const place = (transform: Transform): Promise<string> =>
    planesToDataUri(sensedPlanes.map((plane) => placeOnPreview(plane, scale, transform, preview)));
  const { bends } = straighten(reference, sensed, { georeference: placement.by === 'georeference' });
  const vectors = sensedToReference === null ? [] : displacementsOf(tiePoints, placement.transform, bends);
  const metres = await metresPerPixel(reference.georeference, reference.width, reference.height);
  return renderReport({
    registration,
    tiePoints,
    errorField,
    displacementBefore: summariseDisplacements(vectors, metres),
    vectorsBefore: vectors,
    trends: options.trends ?? [],
    sensedToReference,
    grid: { width: reference.width, height: reference.height },
    images: {
      reference: await planesToDataUri(referencePlanes),
      before: await place(placement.transform),
      after: sensedToReference === null ? null : await place(sensedToReference),
      marks: marks === null ? null : await drawMarks(marks, preview),
    },
    beforePlacement: placementWords[placement.by],
  });
}
