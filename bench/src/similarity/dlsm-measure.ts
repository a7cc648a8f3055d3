import { comparePatches, type Dlsm, type Engine } from '@tiepoint/matching';
import { byField, byMinimumTwice } from './localisation/strategies.js';
import { patchArea, type SimilarityMeasure } from './measure.js';

/**
 * DLSM as a measure: the less the area of the predicted ellipse the more similar; localised by the fourth strategy (Uss 2020, eq. 8),
 * and by the paper's three others beside it.
 */
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
    localise: byField(engine, dlsm, 'likelihood'),
    strategies: {
      strategy1: byField(engine, dlsm, 'minimum'),
      strategy2: byMinimumTwice(engine, dlsm),
      strategy3: byField(engine, dlsm, 'consensus'),
    },
  };
}
