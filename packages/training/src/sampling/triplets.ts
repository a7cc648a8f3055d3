import type { Random } from 'onnx-grad';
import type { TrainingPair } from '../data/training-pairs.js';
import { type Augmentation, augmentPatch, composeLinear, dihedral, smallSimilarity } from './augment.js';
import type { PairChooser } from './choose-pair.js';
import { type Linear, normalisePatch, patchSide, cutPatch } from '@tiepoint/matching';
import { type Place, placeOf } from './place.js';
import { fillSamples } from './fill-samples.js';

/** Samples of a patch. */
const patchArea = patchSide * patchSide;
/** Patches of a triplet: the template, two shifted views of the same ground, other ground. */
export const patchesPerTriplet = 4;
/** Patches with less of them valid are not used. */
const leastValid = 0.75;
/** Other ground in the same image begins this far away, px. */
const otherGround = 20;

/** How triplets are drawn. */
export interface TripletOptions {
  readonly augmentation: Augmentation;
  /** Largest shift of each positive, px: uniform in both directions (Uss 2020: 1.5 and 2.5). */
  readonly shifts: readonly [number, number];
}

/** A batch of triplets. */
export type TripletBatch = {
  /** `[batch, 4, 32, 32]`: template, positives, negative; zero mean, unit variance. */
  readonly patches: Float32Array;
  /** `[batch, 2, 2]`: where the template's centre lies in each positive, px right and down of its centre. */
  readonly shifts: Float32Array;
};

/** What the two sides of a triplet share, or do not. */
interface Sides {
  readonly place: Place;
  /** From offsets in the template to offsets in the first image. */
  readonly template: Linear;
  /** From offsets in a second patch to offsets in the second image. */
  readonly second: Linear;
}

function chooseSides(pair: TrainingPair, random: Random, augmentation: Augmentation): Sides {
  const { width, height } = pair.reference;
  const margin = patchSide / 2;
  const x = margin + random.uniform() * Math.max(1, width - 2 * margin);
  const y = margin + random.uniform() * Math.max(1, height - 2 * margin);
  const place = placeOf(pair, x, y, random.uniform() < 0.5);
  const template = dihedral(random);
  const turned = composeLinear(place.across, template);
  return { place, template, second: composeLinear(turned, smallSimilarity(random, augmentation)) };
}

function patchAt(
  image: Place['first'],
  x: number,
  y: number,
  linear: Linear,
  random: Random,
  augmentation: Augmentation,
  out: Float32Array,
  offset: number,
): boolean {
  if (cutPatch(image, x, y, linear, out, offset) < leastValid * patchArea) return false;
  augmentPatch(random, out, offset, augmentation);
  normalisePatch(out, offset);
  return true;
}

/** Other ground of the same modality: elsewhere in the image, or in another image of the set. */
function negative(
  pair: TrainingPair,
  sides: Sides,
  chooser: PairChooser,
  random: Random,
  augmentation: Augmentation,
  out: Float32Array,
  offset: number,
): boolean {
  const { place } = sides;
  const swapped = place.first === pair.sensed;
  for (let attempt = 0; attempt < 10; attempt++) {
    const other = random.uniform() < 0.5 ? pair : chooser.chooseIn(pair.set, random);
    const image = swapped ? other.reference : other.sensed;
    const x = random.uniform() * image.width;
    const y = random.uniform() * image.height;
    // Images of one group may show the same ground at the same place, whatever their name.
    const sameGround = other.group === pair.group && Math.hypot(x - place.secondX, y - place.secondY) < otherGround;
    if (sameGround) continue;
    // Turned on its own: other ground has no direction in common with the template.
    const turned = composeLinear(sides.second, dihedral(random));
    if (patchAt(image, x, y, turned, random, augmentation, out, offset)) return true;
  }
  return false;
}

/** Draws one triplet into a batch; `false` where the place has too little valid ground. */
function drawTriplet(
  chooser: PairChooser,
  random: Random,
  { augmentation, shifts: limits }: TripletOptions,
  batch: TripletBatch,
  index: number,
): boolean {
  const { patches, shifts } = batch;
  const pair = chooser.choose(random);
  const sides = chooseSides(pair, random, augmentation);
  const { place, template, second } = sides;
  const base = index * patchesPerTriplet * patchArea;
  if (!patchAt(place.first, place.x, place.y, template, random, augmentation, patches, base)) return false;
  for (let i = 0; i < 2; i++) {
    const dx = limits[i]! * (2 * random.uniform() - 1);
    const dy = limits[i]! * (2 * random.uniform() - 1);
    const [a, b, c, d] = second;
    const x = place.secondX - a * dx - b * dy;
    const y = place.secondY - c * dx - d * dy;
    const at = base + (1 + i) * patchArea;
    if (!patchAt(place.second, x, y, second, random, augmentation, patches, at)) return false;
    shifts[(index * 2 + i) * 2] = dx;
    shifts[(index * 2 + i) * 2 + 1] = dy;
  }
  return negative(pair, sides, chooser, random, augmentation, patches, base + 3 * patchArea);
}

/**
 * Draws triplets (Uss 2020, §3.4): a template, two views of its ground from the other side, each shifted by a fraction of
 * pixels, and a patch of other ground.
 *
 * Both sides are interpolated alike, at random fractions of a pixel, so that blur tells nothing of the shift, and either side may
 * be the template.
 */
export function drawTriplets(
  chooser: PairChooser,
  count: number,
  random: Random,
  options: TripletOptions,
): TripletBatch {
  const batch = {
    patches: new Float32Array(count * patchesPerTriplet * patchArea),
    shifts: new Float32Array(count * 4),
  };
  fillSamples(count, (index) => drawTriplet(chooser, random, options, batch, index));
  return batch;
}
