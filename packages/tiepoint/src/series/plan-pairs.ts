import { areaOf, overlapOf } from '../inputs/overlap.js';
import { georeferencedStart, type PlacedImage } from '../inputs/start-geometry.js';
import { TiepointError } from '@tiepoint/geometry';
import type { PairNumbers } from './measured-pair.js';

/** Images that one is registered to beside the reference, unless said: a series of up to nine images is complete. */
const usualNeighbours = 8;
/** The same where no georeference says what overlaps: with the reference each image then has three, and a wrong pair can be told. */
const unplacedNeighbours = 2;
/** The least share of the smaller image that two must have in common. */
const leastShare = 0.05;

/** The share of the smaller of two images that both show; null where no georeference says it. */
async function sharedBy(reference: PlacedImage, sensed: PlacedImage): Promise<number | null> {
  const area = ({ width, height }: PlacedImage): number => width * height;
  try {
    const start = await georeferencedStart(reference, sensed);
    if (start === null) return null;
    const { referenceToSensed } = start;
    const [a, b, , d, e] = referenceToSensed.matrix;
    const sensedOnReference = area(sensed) / Math.abs(a * e - b * d);
    return areaOf(overlapOf(reference, sensed, referenceToSensed)) / Math.min(area(reference), sensedOnReference);
  } catch (error) {
    if (error instanceof TiepointError && error.code === 'no-overlap') return 0;
    throw error;
  }
}

/**
 * The pairs of a series that are registered: of georeferenced images all that overlap, each with the reference and with those
 * it shares most with; of others each with the reference and with the two after it, as neighbours in time look most alike.
 *
 * @param images - the reference first, then the images in order of time
 * @param options - `neighbours`: at most so many beside the reference
 */
export async function planPairs(
  images: readonly PlacedImage[],
  options: { readonly georeference?: boolean | undefined; readonly neighbours?: number | undefined } = {},
): Promise<readonly PairNumbers[]> {
  const { georeference = true, neighbours } = options;
  const share = async (a: number, b: number): Promise<number | null> =>
    georeference ? sharedBy(images[a]!, images[b]!) : null;
  const chosen = new Map<string, PairNumbers>();
  const choose = (reference: number, sensed: number): void =>
    void chosen.set(`${reference} ${sensed}`, { reference, sensed });
  const near: { readonly pair: PairNumbers; readonly share: number }[] = [];
  for (let sensed = 1; sensed < images.length; sensed++) {
    for (let reference = 0; reference < sensed; reference++) {
      const shared = await share(reference, sensed);
      if (shared === null) {
        if (reference === 0 || sensed - reference <= (neighbours ?? unplacedNeighbours)) choose(reference, sensed);
      } else if (shared >= leastShare) {
        if (reference === 0) choose(reference, sensed);
        else near.push({ pair: { reference, sensed }, share: shared });
      }
    }
  }
  for (let image = 1; image < images.length; image++) {
    const own = near.filter(({ pair }) => pair.reference === image || pair.sensed === image);
    const apart = ({ pair }: (typeof own)[number]): number => pair.sensed - pair.reference;
    const best = own
      .toSorted((a, b) => b.share - a.share || apart(a) - apart(b))
      .slice(0, neighbours ?? usualNeighbours);
    for (const { pair } of best) choose(pair.reference, pair.sensed);
  }
  return [...chosen.values()].toSorted((a, b) => a.sensed - b.sensed || a.reference - b.reference);
}
