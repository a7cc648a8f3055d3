import type { RasterFile } from '@tiepoint/raster';
import type { RegisterOptions } from '../inputs/register-options.js';
import { register } from '../register.js';
import type { RegistrationResult } from '../result/registration-result.js';
import { transformFromJson } from '../result/transform-json.js';
import { closeLoop, type LoopSide } from './loop-closure.js';
import { type SeriesLoop, withOpenLoops } from './open-loops.js';

/** A series registered to one reference. */
export interface SeriesRegistration {
  /** One for each image, in order, with its loops in view: `accept` becomes `warn` where a loop it is part of does not close. */
  readonly results: readonly RegistrationResult[];
  /** Of neighbours all of whose registrations were found. */
  readonly loops: readonly SeriesLoop[];
}

function loopSide({ registration, errorField }: RegistrationResult): LoopSide | null {
  const transform = transformFromJson(registration);
  return transform === null || errorField === null ? null : { transform, errorField };
}

/**
 * Registers each image of a series to the reference, and each to the next one as a check: the direct way to the reference and the
 * way through the next image have to meet. Masks are those of the reference only.
 *
 * @param images - in order of time, or any in which neighbours look alike
 * @throws what {@link register} throws
 */
export async function registerSeries(
  reference: RasterFile,
  images: readonly RasterFile[],
  options: Omit<RegisterOptions, 'mask'> = {},
): Promise<SeriesRegistration> {
  const results: RegistrationResult[] = [];
  const { onProgress } = options;
  const within = (text: string): Pick<RegisterOptions, 'onProgress'> =>
    onProgress === undefined ? {} : { onProgress: (part) => onProgress(`${text}: ${part}`) };
  for (const [i, image] of images.entries()) {
    results.push(await register(reference, image, { ...options, ...within(`image ${i + 1} of ${images.length}`) }));
  }
  const { referenceMask: _, referenceBand: _band, ...between } = options;
  const loops: SeriesLoop[] = [];
  for (let i = 0; i + 1 < images.length; i++) {
    const [direct, later] = [loopSide(results[i]!), loopSide(results[i + 1]!)];
    if (direct === null || later === null) continue;
    const checked = await register(images[i + 1]!, images[i]!, {
      ...between,
      referenceBand: options.band,
      ...within(`loop ${i + 1} of ${images.length - 1}`),
    });
    const step = loopSide(checked);
    if (step !== null) loops.push({ images: [i, i + 1], ...closeLoop(images[i]!, direct, step, later) });
  }
  const names = images.map(({ name }) => name);
  const open = loops.filter(({ consistent }) => !consistent);
  return { results: results.map((result, i) => withOpenLoops(result, i, open, names)), loops };
}
