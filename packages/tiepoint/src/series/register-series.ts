import { TiepointError } from '@tiepoint/geometry';
import type { RasterFile } from '@tiepoint/raster';
import type { RegisterOptions } from '../inputs/register-options.js';
import type { PlacedImage } from '../inputs/start-geometry.js';
import { metresPerPixel } from '../result/ground-distance.js';
import type { Registration } from '../result/registration.js';
import type { CorrectionModel } from './correction.js';
import { describeImage } from './describe-image.js';
import { measurePair, type MeasuredPair } from './measured-pair.js';
import { planPairs } from './plan-pairs.js';
import { type SeriesNetwork, solveNetwork } from './solve-network.js';

/** A series registered to one reference. */
export interface SeriesRegistration {
  /** One for each image, in order, as the network places it. */
  readonly images: readonly Registration[];
  readonly network: SeriesNetwork;
}

/** How a series is registered; masks are those of the reference only. */
export interface SeriesOptions extends Omit<RegisterOptions, 'mask' | 'tiePoints'> {
  /** The most images that each is registered to beside the reference; see `planPairs`. */
  readonly neighbours?: number | undefined;
}

/** How far places may be corrected by registrations of a model. */
export function correctionModelOf(model: RegisterOptions['model']): CorrectionModel {
  return model === 'translation' || model === 'similarity' ? model : 'affine';
}

/**
 * Solves the pairs that were measured of a series.
 *
 * @param images - the reference first, then the images
 */
export async function solveSeries(
  images: readonly PlacedImage[],
  pairs: readonly MeasuredPair[],
  model: CorrectionModel,
): Promise<SeriesRegistration> {
  const [reference] = images as readonly [PlacedImage];
  const network = solveNetwork(images, pairs, model);
  const metres = await metresPerPixel(reference.georeference, reference.width, reference.height);
  const context = { images, network, metres };
  return { network, images: images.slice(1).map((_, i) => describeImage(i + 1, context)) };
}

/**
 * Registers the images of a series to each other and to the reference, all pairs that overlap, and solves them together: loops
 * close, wrong pairs are found by the others, and each image's place is known as well as all that speak of it let it be.
 *
 * @param images - in order of time, or any in which neighbours look alike
 * @throws what {@link register} throws, but for images that cannot be compared
 */
export async function registerSeries(
  reference: RasterFile,
  images: readonly RasterFile[],
  options: SeriesOptions = {},
): Promise<SeriesRegistration> {
  if (images.length === 0) throw new TiepointError('usage', 'a series needs an image beside the reference');
  const { neighbours, referenceMask, onProgress, ...shared } = options;
  const all = [reference, ...images];
  const plan = await planPairs(all, { georeference: options.georeference, neighbours });
  const pairs: MeasuredPair[] = [];
  for (const [i, numbers] of plan.entries()) {
    const isFirst = numbers.reference === 0;
    const measured = await measurePair(all[numbers.reference]!, all[numbers.sensed]!, {
      ...shared,
      ...(isFirst ? { referenceMask } : { referenceBand: options.band }),
      onProgress: (part) => onProgress?.(`pair ${i + 1} of ${plan.length}: ${part}`),
    });
    pairs.push({ ...numbers, ...measured });
  }
  return solveSeries(all, pairs, correctionModelOf(options.model));
}
