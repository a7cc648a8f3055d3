import type { Accuracy, Evidence } from '../evidence/evidence.js';
import { confidenceOf } from './confidence.js';
import type { Finding, Severity } from './finding.js';
import { type VerdictLimits, verdictLimits } from './limits.js';
import { rules } from './rules.js';

/** Whether the answer may be used: `warn` means usable with the doubts that findings name; `refuse` means it may be chance. */
export type Verdict = 'accept' | 'warn' | 'refuse';

/** A verdict and what it rests on, the weightiest findings first. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Probability that the median error is below 3 px of the reference; 0 where nothing was found. */
  readonly confidence: number;
}

const order: readonly Severity[] = ['refuse', 'warn', 'info'];

/** The verdict that findings amount to: that of the weightiest. */
export function judgementOf(findings: readonly Finding[], confidence: number): Judgement {
  const sorted = findings.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const worst = sorted[0]?.severity ?? 'info';
  return { verdict: worst === 'info' ? 'accept' : worst, findings: sorted, confidence };
}

/** Judges a registration by each rule in turn. Stored evidence can be judged again, with other limits too. */
export function judge(evidence: Evidence, accuracy: Accuracy, limits: VerdictLimits = verdictLimits): Judgement {
  return judgementOf(
    rules.flatMap((rule) => {
      const found = rule(evidence, accuracy, limits);
      return found === null ? [] : [found];
    }),
    confidenceOf(evidence, accuracy),
  );
}
