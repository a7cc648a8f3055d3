import type { Registration } from 'tiepoint';
import type { ShownResult } from '../worker/engine-worker.js';

/**
 * The result that a solution file holds: no tie points, and no way to fit it again.
 *
 * @param text - of a file that `parseSolution` has accepted, where all but a few keys may be missing
 */
export function shownOfSolution(text: string): ShownResult {
  const stored = JSON.parse(text) as Partial<Registration> &
    Pick<Registration, 'verdict' | 'model' | 'sensedToReference'>;
  const registration: Registration = {
    version: 1,
    reasons: [],
    findings: [],
    confidence: 0,
    tiePoints: 0,
    inliers: 0,
    accuracy: null,
    seconds: 0,
    method: '',
    provenance: { tool: '', weights: null, seed: 0, inputs: [] },
    warnings: [],
    logFalseAlarms: 0,
    ...stored,
  };
  return { registration, tiePoints: [], errorField: null, metres: null, marks: null, mendable: false };
}
