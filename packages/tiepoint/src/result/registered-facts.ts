// By itself: types of the rest of the package need settings that not every project has.
import type { RegisteredImageFacts } from '@tiepoint/catalog/registered-image';
import type { RasterFile } from '@tiepoint/raster';
import { footprintOf } from './footprint.js';
import type { Registration } from './registration.js';
import { tool } from './tool.js';
import { transformFromJson } from './transform-json.js';

/** What of a registration's document facts are taken from. */
type Told = Pick<
  Registration,
  'model' | 'sensedToReference' | 'parameters' | 'inliers' | 'verdict' | 'accuracy' | 'provenance'
>;

/** How an image was registered, in words. */
export function lineageOf(
  { model, inliers, verdict }: { readonly model: string; readonly inliers: number; readonly verdict: string },
  reference: string,
): string {
  return `Registered to ${reference} by a transform (${model}) from ${inliers} tie points: ${verdict}`;
}

/**
 * What a STAC item says of an image that a registration laid on its reference.
 *
 * @param sensed - the size of the sensed image, px
 * @param metres - per px of the reference; null where nothing says
 * @throws TiepointError where the reference's system cannot be converted
 */
export async function registeredFacts(
  id: string,
  registration: Told,
  reference: Pick<RasterFile, 'georeference' | 'name' | 'width' | 'height'>,
  sensed: Pick<RasterFile, 'width' | 'height'>,
  metres: number | null,
): Promise<RegisteredImageFacts> {
  const { accuracy, provenance } = registration;
  const [name = tool, version = ''] = (provenance.tool || tool).split(' ');
  const file = reference.name.split(/[/\\]/).pop() ?? reference.name;
  const edited = provenance.edits === undefined ? '' : '; edited by hand';
  return {
    id,
    datetime: null,
    footprint: await footprintOf(reference, sensed, transformFromJson(registration), reference),
    software: [name, version],
    lineage: lineageOf(registration, file) + edited,
    accuracy:
      accuracy === null || metres === null
        ? null
        : { predictedSd: accuracy.predictedSd * metres, checkRmse: accuracy.checkRmse * metres },
  };
}
