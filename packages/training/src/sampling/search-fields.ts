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
  /**
   * Cuts the patch at other offsets than whole pixels: the template of field `index` and the patch (x, y) px right and down of the
   * middle offset, `[2, 32, 32]`, into `out` from `offset` on. `false` where the patch has too little valid ground.
   */
  readonly cut: (index: number, x: number, y: number, out: Float32Array, offset: number) => boolean;
}

/** Cuts the patch (x, y) px from the middle offset. */
type PatchCutter = (x: number, y: number, out: Float32Array, offset: number) => boolean;

/** Fills field `index`, and gives what cuts its patches; null where the place has too little valid ground. */
function drawField(
  chooser: PairChooser,
  random: Random,
  { shift, radius }: SearchOptions,
  { pairs, truth, side }: Omit<SearchFields, 'cut'>,
  index: number,
): PatchCutter | null {
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
  if (cutPatch(place.first, place.x, place.y, turn, pairs, base) < leastValid * patchArea) return null;
  normalisePatch(pairs, base);
  const cut: PatchCutter = (u, v, out, offset) => {
    const [fromX, fromY] = [u - tx, v - ty];
    const [sx, sy] = [place.secondX + a * fromX + b * fromY, place.secondY + c * fromX + d * fromY];
    if (cutPatch(place.second, sx, sy, second, out, offset) < leastValid * patchArea) return false;
    normalisePatch(out, offset);
    return true;
  };
  for (let i = 0; i < side * side; i++) {
    const at = base + i * 2 * patchArea;
    if (i > 0) pairs.copyWithin(at, base, base + patchArea);
    if (!cut((i % side) - radius, Math.floor(i / side) - radius, pairs, at + patchArea)) return null;
  }
  truth[2 * index] = tx;
  truth[2 * index + 1] = ty;
  return cut;
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
  const fields = {
    count,
    side,
    pairs: new Float32Array(count * side * side * 2 * patchArea),
    truth: new Float32Array(2 * count),
  };
  const cutters: PatchCutter[] = [];
  fillSamples(count, (index) => {
    const cutter = drawField(chooser, random, options, fields, index);
    if (cutter !== null) cutters[index] = cutter;
    return cutter !== null;
  });
  return {
    ...fields,
    cut(index, x, y, out, offset) {
      const base = index * side * side * 2 * patchArea;
      out.set(fields.pairs.subarray(base, base + patchArea), offset);
      return cutters[index]!(x, y, out, offset + patchArea);
    },
  };
}
