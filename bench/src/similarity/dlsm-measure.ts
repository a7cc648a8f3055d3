import { comparePatches, type Dlsm, type Engine, localisations, type ShiftField } from '@tiepoint/matching';
import type { Found } from './localisation/quadratic-peak.js';
import { patchArea, type SimilarityMeasure } from './measure.js';

/** What DLSM says of the patches of each field. */
export async function shiftFields(
  engine: Engine,
  dlsm: Dlsm,
  pairs: Float32Array,
  count: number,
  side: number,
): Promise<readonly ShiftField[]> {
  const all = await comparePatches(engine, dlsm, count * side * side, (from, to, out) =>
    out.set(pairs.subarray(from * 2 * patchArea, to * 2 * patchArea)),
  );
  return Array.from({ length: count }, (_, index) => {
    const part = (values: Float32Array): Float32Array =>
      values.subarray(index * side * side, (index + 1) * side * side);
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
  });
}

/** DLSM as a measure: the less the area of the predicted ellipse the more similar; localised by the fourth strategy (Uss 2020, eq. 8). */
export function dlsmMeasure(engine: Engine, name: string, dlsm: Dlsm): SimilarityMeasure {
  return {
    name,
    dlsm,
    async score(pairs, n) {
      const { logArea } = await comparePatches(engine, dlsm, n, (from, to, out) =>
        out.set(pairs.subarray(from * 2 * patchArea, to * 2 * patchArea)),
      );
      return logArea.map((value) => -value);
    },
    async localise(pairs, count, side) {
      const fields = await shiftFields(engine, dlsm, pairs, count, side);
      return fields.map((field): Found => {
        const { x, y, covariance, logArea } = localisations.likelihood(field);
        const [xx, xy, yy] = covariance.map((value) => value * dlsm.temperature) as [number, number, number];
        return { x, y, score: -logArea, covariance: [xx, xy, yy] };
      });
    },
  };
}
