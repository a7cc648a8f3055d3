import { comparePatches, type Dlsm, type Engine, type Localisation, localisations } from '@tiepoint/matching';
import type { SearchFields } from '@tiepoint/training/evaluation';
import { patchArea } from '../measure.js';
import type { Found } from './quadratic-peak.js';
import { fieldOf, shiftFields } from './shift-fields.js';

function foundBy({ temperature }: Dlsm, { x, y, covariance, logArea }: Localisation): Found {
  const [xx, xy, yy] = covariance;
  return { x, y, score: -logArea, covariance: [xx * temperature, xy * temperature, yy * temperature] };
}

/** Localisation by what the predictions of a field say, without another look. */
export function byField(
  engine: Engine,
  dlsm: Dlsm,
  strategy: keyof typeof localisations,
): (fields: SearchFields) => Promise<readonly Found[]> {
  return async (fields) => {
    const all = await shiftFields(engine, dlsm, fields);
    return all.map((field) => foundBy(dlsm, localisations[strategy](field)));
  };
}

/**
 * Second strategy (Uss 2020, §3.5): the first, and once more what the network predicts of the patch cut there: predictions are good
 * within a few pixels of the truth, and best at it. Where that patch has too little ground the first stands.
 */
export function byMinimumTwice(engine: Engine, dlsm: Dlsm): (fields: SearchFields) => Promise<readonly Found[]> {
  return async (fields) => {
    const firsts = (await shiftFields(engine, dlsm, fields)).map(localisations.minimum);
    const pairs = new Float32Array(2 * patchArea * fields.count);
    const seen = firsts.map(({ x, y }, i) => fields.cut(i, x, y, pairs, 2 * patchArea * i));
    // What could not be cut is not looked at below.
    for (let i = 0; i < pairs.length; i++) if (Number.isNaN(pairs[i]!)) pairs[i] = 0;
    const all = await comparePatches(engine, dlsm, fields.count, (from, to, out) =>
      out.set(pairs.subarray(from * 2 * patchArea, to * 2 * patchArea)),
    );
    return firsts.map((first, i) => {
      if (!seen[i]) return foundBy(dlsm, first);
      const second = localisations.minimum(fieldOf(all, i, 1));
      return foundBy(dlsm, { ...second, x: first.x + second.x, y: first.y + second.y });
    });
  };
}
