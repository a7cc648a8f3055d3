import type { Transform } from '@tiepoint/geometry';
import type { JointError } from '../model/joint-error.js';
import { transformFromJson } from '../result/transform-json.js';
import type { MeasuredPair } from './measured-pair.js';

/** A pair whose registration may be used. */
export interface UsablePair extends MeasuredPair {
  readonly transform: Transform;
  readonly jointError: JointError;
}

/** The pairs that were not refused. */
export function usablePairs(pairs: readonly MeasuredPair[]): readonly UsablePair[] {
  return pairs.flatMap((pair) => {
    const { registration, jointError } = pair;
    const transform = registration && transformFromJson(registration);
    return transform === null || jointError === null ? [] : [{ ...pair, transform, jointError }];
  });
}
