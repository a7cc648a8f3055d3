import { cutPatch, type Linear, normalisePatch, patchSide } from '@tiepoint/matching';
import type { Random } from 'onnx-grad';
import { composeLinear, dihedral } from './augment.js';
import type { PairChooser } from './choose-pair.js';
import { placeOf } from './place.js';
import { fillSamples } from './fill-samples.js';

/** Samples of a patch. */
const patchArea = patchSide * patchSide;
/** Patches with less of them valid are not used. */
const leastValid = 0.75;

/** How search fields are drawn. */
export interface SearchOptions {
  /** Largest true shift, px: uniform in both directions (Uss 2020, §4.4: 3). */
  readonly shift: number;
  /** Whole-pixel offsets looked at, to either side (Uss 2020, §4.4: 5). */
  readonly radius: number;
}

/** Templates, each with the patches around the place where it is looked for. */
export interface SearchFields {
  readonly count: number;
  /** Offsets along each side: 2 · radius + 1. */
  readonly side: number;
  /** `[count, side · side, 2, 32, 32]`: the template with the patch at each offset, row by row; zero mean, unit variance. */
  readonly pairs: Float32Array;
  /** `[count, 2]`: where the template truly lies, px right and down of the middle offset. */
  readonly truth: Float32Array;
}

/** Fills field `index`; `false` where the place has too little valid ground. */
function drawField(
  chooser: PairChooser,
  random: Random,
  { shift, radius }: SearchOptions,
  { pairs, truth, side }: SearchFields,
  index: number,
): boolean {
  const pair = chooser.choose(random);
  const { width, height } = pair.reference;
  const margin = patchSide / 2;
  const x = margin + random.uniform() * Math.max(1, width - 2 * margin);
  const y = margin + random.uniform() * Math.max(1, height - 2 * margin);
  const place = placeOf(pair, x, y, random.uniform() < 0.5);
  const turn = dihedral(random);
  const second: Linear = composeLinear(place.across, turn);
  const [a, b, c, d] = second;
  const [tx, ty] = [shift * (2 * random.uniform() - 1), shift * (2 * random.uniform() - 1)];
  const base = index * side * side * 2 * patchArea;
  if (cutPatch(place.first, place.x, place.y, turn, pairs, base) < leastValid * patchArea) return false;
  normalisePatch(pairs, base);
  for (let i = 0; i < side * side; i++) {
    const u = (i % side) - radius - tx;
    const v = Math.floor(i / side) - radius - ty;
    const at = base + i * 2 * patchArea;
    if (i > 0) pairs.copyWithin(at, base, base + patchArea);
    const [sx, sy] = [place.secondX + a * u + b * v, place.secondY + c * u + d * v];
    if (cutPatch(place.second, sx, sy, second, pairs, at + patchArea) < leastValid * patchArea) return false;
    normalisePatch(pairs, at + patchArea);
  }
  truth[2 * index] = tx;
  truth[2 * index + 1] = ty;
  return true;
}

/**
 * Draws templates with the patches of the other side at every whole-pixel offset around a place a random fraction of pixels off the
 * true one (Uss 2020, §4.4), without augmentation but turns and mirrorings.
 */
export function drawSearchFields(
  chooser: PairChooser,
  count: number,
  random: Random,
  options: SearchOptions,
): SearchFields {
  const side = 2 * options.radius + 1;
  const fields: SearchFields = {
    count,
    side,
    pairs: new Float32Array(count * side * side * 2 * patchArea),
    truth: new Float32Array(2 * count),
  };
  fillSamples(count, (index) => drawField(chooser, random, options, fields, index));
  return fields;
}
