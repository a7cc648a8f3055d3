import { TiepointError } from '@tiepoint/geometry';
import { decodeDetector, decodeMatcher, type Detector, type KeypointNetworks } from '@tiepoint/matching';
import { shippedKeypointNetworks } from '../weights/shipped-keypoint-networks.js';
import { readWeightsFile } from './weights-option.js';

/** Flags that name networks for keypoints. */
export interface KeypointFlags {
  readonly detector?: string;
  readonly matcher?: string;
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
  const shipped = detector !== undefined && matcher !== undefined ? null : await shippedKeypointNetworks();
  const [d, m] = [
    detector === undefined ? shipped?.detector : decodeDetector(await readWeightsFile(detector, 'detector')),
    matcher === undefined ? shipped?.matcher : decodeMatcher(await readWeightsFile(matcher, 'matcher')),
  ];
  if (d === undefined || m === undefined) {
    throw new TiepointError('weights-missing', 'keypoints need a detector and a matcher, of which none is shipped', {
      hint: 'name both: --detector FILE --matcher FILE',
      value: detector ?? matcher,
    });
  }
  return { keypoints: { detector: d, matcher: m } };
}

/** The detector that `--detector` asks for, or the one shipped; null for none. @throws TiepointError `weights-missing`, `weights-invalid` */
export async function detectorOption(detector: string | undefined): Promise<Detector | null> {
  if (detector === 'none') return null;
  if (detector === undefined) return (await shippedKeypointNetworks())?.detector ?? null;
  return decodeDetector(await readWeightsFile(detector, 'detector'));
}
