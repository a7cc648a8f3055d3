import { type Comparisons, comparePatches, type Dlsm, type Engine, type ShiftField } from '@tiepoint/matching';
import type { SearchFields } from '@tiepoint/training/evaluation';
import { patchArea } from '../measure.js';

/** Field `index` of comparisons of fields of `side` × `side` whole-pixel shifts one after the other. */
export function fieldOf(all: Comparisons, index: number, side: number): ShiftField {
  const part = (values: Float32Array): Float32Array => values.subarray(index * side * side, (index + 1) * side * side);
  return {
    side,
    step: 1,
    dx: part(all.dx),
    dy: part(all.dy),
    sigmaX: part(all.sigmaX),
    sigmaY: part(all.sigmaY),
    rho: part(all.rho),
    logArea: part(all.logArea),
  };
}

/** What DLSM says of the patches of each field. */
export async function shiftFields(
  engine: Engine,
  dlsm: Dlsm,
  { pairs, count, side }: Pick<SearchFields, 'pairs' | 'count' | 'side'>,
): Promise<readonly ShiftField[]> {
  const all = await comparePatches(engine, dlsm, count * side * side, (from, to, out) =>
    out.set(pairs.subarray(from * 2 * patchArea, to * 2 * patchArea)),
  );
  return Array.from({ length: count }, (_, index) => fieldOf(all, index, side));
}
