import { TiepointError } from '@tiepoint/geometry';
import { decodeDetector, decodeMatcher, type Detector, type KeypointNetworks, type Matcher } from '@tiepoint/matching';
import { shippedKeypointNetworks } from '../weights/shipped-keypoint-networks.js';
import { readWeightsFile } from './weights-option.js';

/** Flags that name networks for keypoints. */
export interface KeypointFlags {
  readonly detector?: string | undefined;
  readonly matcher?: string | undefined;
}

/**
 * What `--detector` and `--matcher` ask for: nothing said means those shipped, `none` is null.
 *
 * @throws TiepointError `weights-missing`, `weights-invalid`
 */
export async function keypointsOption({
  detector,
  matcher,
}: KeypointFlags): Promise<{ readonly keypoints?: KeypointNetworks | null }> {
  if (detector === undefined && matcher === undefined) return {};
  if (detector === 'none' || matcher === 'none') return { keypoints: null };
  const [d, m] = [await detectorOption(detector), await matcherOption(matcher)];
  if (d === null || m === null) {
    throw new TiepointError('weights-missing', 'keypoints need a detector and a matcher, of which none is shipped', {
      hint: 'name both: --detector FILE --matcher FILE',
      value: detector ?? matcher,
    });
  }
  return { keypoints: { detector: d, matcher: m } };
}

/**
 * The detector that is named by a file; `shipped`, or nothing, means the one that comes with the package, `none` is null.
 *
 * @returns null also where none is shipped
 * @throws TiepointError `weights-missing`, `weights-invalid`
 */
export async function detectorOption(detector: string | undefined): Promise<Detector | null> {
  if (detector === 'none') return null;
  if (detector === undefined || detector === 'shipped') return (await shippedKeypointNetworks())?.detector ?? null;
  return decodeDetector(await readWeightsFile(detector, 'detector'));
}

/** The matcher, likewise. @throws TiepointError `weights-missing`, `weights-invalid` */
export async function matcherOption(matcher: string | undefined): Promise<Matcher | null> {
  if (matcher === 'none') return null;
  if (matcher === undefined || matcher === 'shipped') return (await shippedKeypointNetworks())?.matcher ?? null;
  return decodeMatcher(await readWeightsFile(matcher, 'matcher'));
}
