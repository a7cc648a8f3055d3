import { TiepointError } from '@tiepoint/geometry';

/** Failures in a row after which no draw is expected to succeed. */
const most = 300;

/**
 * Draws samples 0 to `count`, each until it succeeds.
 *
 * @param draw - makes one; false where what chance chose cannot be used
 * @throws TiepointError `no-samples` where draw after draw fails
 */
export function fillSamples(count: number, draw: (index: number) => boolean): void {
  let failures = 0;
  for (let index = 0; index < count;) {
    if (draw(index)) {
      index++;
      failures = 0;
    } else if (++failures === most) {
      throw new TiepointError('no-samples', `${most} draws of a sample in a row found no place in the images for it`, {
        hint: 'samples need room: take larger images, smaller crops or fewer keypoints',
      });
    }
  }
}
