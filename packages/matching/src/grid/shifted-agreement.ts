import type { MatrixTransform } from '@tiepoint/geometry';
import type { Engine } from '../engine.js';
import type { StructureFeatures } from '../features/structure-features.js';
import type { Pyramid } from '../image/pyramid.js';
import { describeGround } from './window-source.js';

/** Whole px of the grid by which one image is shifted against the other. */
export type WholeShift = readonly [dx: number, dy: number];

/** Pixels that are compared, at most: more of them say little more. */
const mostPixels = 20_000;

/**
 * How alike two images' features are on average over chosen pixels, at each of some shifts of one against the other.
 *
 * @param referenceToSensed - the geometry at shift 0
 * @param step - px of the reference per px of the grid
 * @param chosen - px of the grid that count, row by row, where a pixel and the one it is compared with both do
 * @returns mean inner products, one for each shift; NaN where no pixels are compared
 */
export async function shiftedAgreement(
  engine: Engine,
  reference: Pyramid,
  sensed: Pyramid,
  referenceToSensed: MatrixTransform,
  features: StructureFeatures,
  step: number,
  chosen: Uint8Array,
  shifts: readonly WholeShift[],
): Promise<Float64Array> {
  const { width, height } = reference.levels[0]!;
  const ground = { image: reference, map: null, step, width, height };
  const first = await describeGround(engine, features, ground);
  const second = await describeGround(engine, features, { ...ground, image: sensed, map: referenceToSensed });
  const area = first.width * first.height;
  const usable = (maps: typeof first, i: number): boolean => chosen[i] === 1 && maps.support[i]! > 0;
  const from: number[] = [];
  for (let i = 0; i < area; i++) if (usable(first, i)) from.push(i);
  const every = Math.max(1, Math.floor(from.length / mostPixels));
  const compared = new Int32Array(Math.ceil(from.length / every));
  const meanAt = ([dx, dy]: WholeShift): number => {
    const offset = dy * first.width + dx;
    let count = 0;
    for (let k = 0; k < from.length; k += every) {
      const i = from[k]!;
      const [x, y] = [(i % first.width) + dx, Math.floor(i / first.width) + dy];
      if (x < 0 || y < 0 || x >= first.width || y >= first.height) continue;
      if (usable(second, i + offset)) compared[count++] = i;
    }
    // Channel by channel: the pixels of one lie beside each other, the channels of a pixel far apart.
    let sum = 0;
    for (let c = 0; c < first.channels; c++) {
      const [a, b] = [c * area, c * area + offset];
      for (let k = 0; k < count; k++) {
        const i = compared[k]!;
        sum += first.features[a + i]! * second.features[b + i]!;
      }
    }
    return count === 0 ? Number.NaN : sum / count;
  };
  return Float64Array.from(shifts, meanAt);
}
