import { TiepointError } from '@tiepoint/geometry';
import { decodeDetector, decodeMatcher, type KeypointNetworks } from '@tiepoint/matching';
import { hasShippedFile, readShippedFile } from './shipped-file.js';

/** Where the weights of both networks lie. */
interface KeypointWeightsPlace {
  readonly detector: URL;
  readonly matcher: URL;
}

/** Beside the compiled files, as published. */
const published: KeypointWeightsPlace = {
  detector: new URL('../../weights/detector.safetensors', import.meta.url),
  matcher: new URL('../../weights/matcher.safetensors', import.meta.url),
};

/**
 * Reads the networks that find and match keypoints.
 *
 * @returns null where either file is not there
 * @throws TiepointError `weights-missing` where a file cannot be read, `weights-invalid`
 */
export async function readKeypointNetworks(place: KeypointWeightsPlace): Promise<KeypointNetworks | null> {
  const read = (url: URL): Promise<Uint8Array | null> =>
    readShippedFile(url).catch((cause: unknown) => {
      throw new TiepointError('weights-missing', 'the weights that belong to tiepoint cannot be read', {
        hint: 'install the package again, or do without them (--detector none)',
        value: url.href,
        cause,
      });
    });
  const [detector, matcher] = [await read(place.detector), await read(place.matcher)];
  if (detector === null || matcher === null) return null;
  return { detector: decodeDetector(detector), matcher: decodeMatcher(matcher) };
}

let shipped: Promise<KeypointNetworks | null> | undefined;

/**
 * The networks that come with the package, read once; null where none do.
 *
 * @throws TiepointError `weights-missing`, `weights-invalid`
 */
export function shippedKeypointNetworks(): Promise<KeypointNetworks | null> {
  shipped ??= readKeypointNetworks(published);
  return shipped;
}

/** Said where keypoints have to do without the networks of the package. */
export const keypointNetworksMissing =
  'the weights of the keypoint networks that belong to tiepoint are missing: keypoints are those of RIFT; install the package again';

/** Whether both networks come with the package as installed, without loading them. */
export async function hasShippedKeypointNetworks(): Promise<boolean> {
  return (await hasShippedFile(published.detector)) && (await hasShippedFile(published.matcher));
}
