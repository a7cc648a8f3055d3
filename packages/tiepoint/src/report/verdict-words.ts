import type { Registration } from '../result/registration.js';
import { formatMetres, formatNumber } from './html.js';

/** The verdict as a headline and what it means, for people who did not read the manual. */
export interface VerdictWords {
  readonly headline: string;
  readonly sentences: readonly string[];
}

function chance(logFalseAlarms: number): string {
  if (!Number.isFinite(logFalseAlarms)) return '';
  if (logFalseAlarms >= 0) return 'Agreement this good is expected among random matches too.';
  const exponent = Math.floor(-logFalseAlarms);
  if (exponent < 3)
    return `Windows matched at random would agree this well about once in ${formatNumber(10 ** -logFalseAlarms, 2)} trials.`;
  return `Windows matched at random would agree this well about once in 10^${exponent} trials.`;
}

function accuracyWords(registration: Registration): string[] {
  const { accuracy } = registration;
  if (accuracy === null) return [];
  const metres = accuracy.ce90Metres === undefined ? '' : ` (${formatMetres(accuracy.ce90Metres)})`;
  return [
    `Nine of ten tie points lie within ${formatNumber(accuracy.ce90, 2)} px${metres} of where a fit that had not seen them puts them.`,
  ];
}

/** Puts a registration's verdict into words. */
export function verdictWords(registration: Registration): VerdictWords {
  const { verdict, inliers, tiePoints, logFalseAlarms } = registration;
  const support = `${inliers} of ${tiePoints} tie points agree with one ${registration.model} transform.`;
  const odds = chance(logFalseAlarms);
  switch (verdict) {
    case 'accept':
      return {
        headline: 'The images are registered.',
        sentences: [support, odds, ...accuracyWords(registration)].filter((s) => s !== ''),
      };
    case 'warn':
      return {
        headline: 'The images are registered, with doubts.',
        sentences: [
          support,
          odds,
          ...accuracyWords(registration),
          'Look at the pictures before you rely on it.',
        ].filter((s) => s !== ''),
      };
    case 'refuse':
      return {
        headline: 'No registration that can be trusted was found.',
        sentences: [
          tiePoints === 0 ? 'No tie points were found.' : support,
          odds,
          'The images may not show the same place, or have too little in common. No output was written.',
        ].filter((s) => s !== ''),
      };
  }
}
