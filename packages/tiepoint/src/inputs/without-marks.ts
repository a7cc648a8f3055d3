import type { Plane } from '@tiepoint/geometry';
import { boxMean } from './box-mean.js';
import type { CommonMarks } from './common-marks.js';

/** Half side of the squares whose unmarked pixels fill a mark, px: thinner ones are painted over, wider ones left out. */
const fillReach = 6;
/** Share of such a square that must be unmarked. */
const leastFree = 0.15;

/**
 * A plane without the marks that lie on its first pixels. Thin ones, lines and letters, are painted over by what is around them:
 * left out, they would take the ground between them along, as features look a few pixels far. Wide ones are masked.
 */
export function withoutMarks(plane: Plane, marks: CommonMarks): Plane {
  const { width, height } = plane;
  const data = plane.data.slice();
  const mask = plane.mask?.slice() ?? new Uint8Array(width * height).fill(1);
  const isMarked = (i: number): boolean => {
    const [x, y] = [Math.floor((i % width) / marks.step), Math.floor(i / width / marks.step)];
    return x < marks.width && y < marks.height && marks.mask[y * marks.width + x] === 1;
  };
  const free = new Float32Array(data.length);
  const values = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    if (mask[i] === 0 || isMarked(i)) continue;
    free[i] = 1;
    values[i] = data[i]!;
  }
  const weight = boxMean(free, width, height, fillReach);
  const sum = boxMean(values, width, height, fillReach);
  for (let i = 0; i < data.length; i++) {
    if (mask[i] === 0 || !isMarked(i)) continue;
    if (weight[i]! > leastFree) data[i] = sum[i]! / weight[i]!;
    else mask[i] = 0;
  }
  return { ...plane, data, mask };
}
