import { cutPatch, type Linear, normalisePatch, patchSide } from '@tiepoint/matching';
import type { Random } from 'onnx-grad';
import { type Augmentation, augmentPatch, composeLinear, dihedral, smallSimilarity } from './augment.js';
import type { PairChooser } from './choose-pair.js';
import { fillSamples } from './fill-samples.js';
import { placeOf } from './place.js';
import type { SearchOptions } from './search-fields.js';

const patchArea = patchSide * patchSide;
/** Templates and windows with less of them valid are not used. */
const leastValid = 0.75;

/** How fields of displacements are drawn. */
export interface DisplacementOptions extends SearchOptions {
  readonly augmentation: Augmentation;
}

/** Templates, each with the patches at all displacements of a grid. */
export type DisplacementBatch = {
  /** `[count, 1 + side · side, 32, 32]`: the template and the patch at each whole-pixel offset, row by row; zero mean, unit variance. */
  readonly patches: Float32Array;
  /** `[count, 2]`: where the template truly lies, px right and down of the middle offset. */
  readonly truth: Float32Array;
};

/** Fills field `index`; `false` where the place has too little valid ground. */
function drawField(
  chooser: PairChooser,
  random: Random,
  { augmentation, shift, radius }: DisplacementOptions,
  { patches, truth }: DisplacementBatch,
  window: Float32Array,
  index: number,
): boolean {
  const side = 2 * radius + 1;
  const pair = chooser.choose(random);
  const { width, height } = pair.reference;
  const margin = patchSide / 2;
  const x = margin + random.uniform() * Math.max(1, width - 2 * margin);
  const y = margin + random.uniform() * Math.max(1, height - 2 * margin);
  const place = placeOf(pair, x, y, random.uniform() < 0.5);
  const turn = dihedral(random);
  const second: Linear = composeLinear(composeLinear(place.across, turn), smallSimilarity(random, augmentation));
  const [a, b, c, d] = second;
  const [tx, ty] = [shift * (2 * random.uniform() - 1), shift * (2 * random.uniform() - 1)];
  const base = index * (1 + side * side) * patchArea;
  if (cutPatch(place.first, place.x, place.y, turn, patches, base) < leastValid * patchArea) return false;
  augmentPatch(random, patches, base, augmentation);
  normalisePatch(patches, base);
  // One window holds the patches of all displacements, which so share what augmentation does to the ground.
  const windowSide = patchSide + 2 * radius;
  const [sx, sy] = [place.secondX - a * tx - b * ty, place.secondY - c * tx - d * ty];
  const valid = cutPatch(place.second, sx, sy, second, window, 0, windowSide, windowSide);
  if (valid < leastValid * windowSide * windowSide) return false;
  augmentPatch(random, window, 0, augmentation, windowSide);
  for (let i = 0; i < side * side; i++) {
    const at = base + (1 + i) * patchArea;
    const from = Math.floor(i / side) * windowSide + (i % side);
    for (let row = 0; row < patchSide; row++) {
      const start = from + row * windowSide;
      patches.set(window.subarray(start, start + patchSide), at + row * patchSide);
    }
    normalisePatch(patches, at);
  }
  truth[2 * index] = tx;
  truth[2 * index + 1] = ty;
  return true;
}

/**
 * Draws templates with the patches of the other side at every whole-pixel displacement, augmented as triplets are: for losses that ask
 * which displacement of a grid is the true one (Merkle et al. 2017).
 */
export function drawDisplacements(
  chooser: PairChooser,
  count: number,
  random: Random,
  options: DisplacementOptions,
): DisplacementBatch {
  const side = 2 * options.radius + 1;
  const batch = {
    patches: new Float32Array(count * (1 + side * side) * patchArea),
    truth: new Float32Array(2 * count),
  };
  const window = new Float32Array((patchSide + 2 * options.radius) ** 2);
  fillSamples(count, (index) => drawField(chooser, random, options, batch, window, index));
  return batch;
}
