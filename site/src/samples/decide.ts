import type { Registration } from 'tiepoint';

/** What to do with an answer, where a pixel of the reference is the most that may be wrong. */
export function decide({ verdict, confidence, accuracy, findings }: Registration): string {
  if (verdict === 'refuse') return `look at it by hand: ${findings[0]?.code ?? 'nothing was found'}`;
  const doubts = findings.filter(({ severity }) => severity === 'warn').map(({ code }) => code);
  if (doubts.length > 0) return `look at the report: ${doubts.join(', ')}`;
  if (accuracy === null || accuracy.ce90 > 1) return 'right, but not to a pixel: name a finer model, or accept less';
  return `use it (confidence ${confidence.toFixed(3)})`;
}
