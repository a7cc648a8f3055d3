import type { RegistrationResult } from '../result/registration-result.js';
import { reasonsOf } from '../result/words.js';
import { finding } from '../verdict/finding.js';
import { judgementOf } from '../verdict/judge.js';
import type { LoopClosure } from './loop-closure.js';

/** Two neighbours of a series and how their registrations to the reference agree with that to each other. */
export interface SeriesLoop extends LoopClosure {
  /** Indices of the images: from the earlier, through the later, to the reference. */
  readonly images: readonly [number, number];
}

/**
 * A registration with a doubt for each open loop of its image: `accept` becomes `warn`, and the reasons say why.
 *
 * @param image - its index in the series
 */
export function withOpenLoops(
  result: RegistrationResult,
  image: number,
  open: readonly SeriesLoop[],
  names: readonly string[],
): RegistrationResult {
  const { registration } = result;
  const own = open.filter((loop) => loop.images.includes(image));
  if (own.length === 0 || registration.verdict === 'refuse') return result;
  const doubts = own.map(({ images: [from, through], misclosure, expected }) =>
    finding('open-loop', 'warn', { from: names[from]!, through: names[through]!, misclosure, expected }),
  );
  const judgement = judgementOf([...registration.findings, ...doubts], registration.confidence);
  return { ...result, registration: { ...registration, ...judgement, reasons: reasonsOf(judgement.findings) } };
}
