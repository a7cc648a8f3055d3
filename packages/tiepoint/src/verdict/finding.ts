import type { Half } from '../evidence/coverage.js';

/** How much a finding weighs: it refuses the registration, casts doubt on it, or only tells. */
export type Severity = 'refuse' | 'warn' | 'info';

/** What findings say, by code; lengths are px of the reference's file, shares 0 to 1, strengths decades. */
export interface FindingValues {
  /** Nothing was found to be judged. */
  readonly 'too-few-windows': Record<never, never>;
  /** What was found lies further from the start than was allowed, px of the reference. */
  readonly 'beyond-max-shift': { readonly limit: number };
  readonly 'lost-at-full-resolution': Record<never, never>;
  readonly 'too-few-tie-points': { readonly model: string };
  /** The agreement may be chance. */
  readonly chance: { readonly strength: number; readonly limit: number };
  /** Both files carry the same marks at the same pixels; the solution stands still with them, or they were left out. */
  readonly 'stands-with-marks': { readonly share: number; readonly moved: number };
  readonly 'common-marks': { readonly share: number };
  /** Detail agrees at the very same pixels of both files though the answer moves them: marks were not found, and the agreement may be theirs. */
  readonly 'marks-left': { readonly significance: number };
  /** Another place fits as well, or nearly. */
  readonly repeats: { readonly distance: number; readonly dx: number; readonly dy: number; readonly share: number };
  readonly 'nearly-repeats': FindingValues['repeats'];
  /** All that was measured leaves a doubt that no single finding names. */
  readonly unlikely: { readonly confidence: number; readonly limit: number };
  readonly doubtful: { readonly confidence: number; readonly limit: number };
  /** Tie points that took no part in the fit are off together: the model does not follow the ground, most around (x, y), by (dx, dy). */
  readonly 'stiff-model': {
    readonly deviation: number;
    readonly limit: number;
    readonly x: number;
    readonly y: number;
    readonly dx: number;
    readonly dy: number;
  };
  /** A part of the ground, its middle (x, y), moved otherwise than the transform says. */
  readonly 'two-motions': {
    readonly x: number;
    readonly y: number;
    readonly dx: number;
    readonly dy: number;
    readonly share: number;
  };
  /** The agreement comes from one half of the ground, or from little of it. */
  readonly 'one-sided': { readonly half: Half; readonly agreeing: number; readonly opposite: number };
  readonly 'little-covered': { readonly share: number };
  /** Nothing that was measured connects an image with the reference of its series. */
  readonly 'not-connected': { readonly tried: number };
  /** A loop of a series does not close, and nothing tells which of its pairs is wrong. */
  readonly 'open-loop': { readonly pairs: string; readonly misclosure: number; readonly expected: number };
  /** The other pairs of a series contradict this one. */
  readonly 'left-out-pair': {
    readonly sensed: string;
    readonly reference: string;
    readonly misclosure: number;
    readonly expected: number;
  };
  /** An image of a series lies where other images place it; so many pairs away from the reference. */
  readonly 'through-others': { readonly through: string; readonly pairs: number };
  /** So many pairs of a series place the image, and whether loops check them. */
  readonly network: { readonly pairs: number; readonly checked: 'yes' | 'no' };
  readonly agreement: { readonly inliers: number; readonly tried: number };
  readonly residuals: { readonly rmse: number };
  readonly coverage: { readonly share: number };
  readonly strength: { readonly strength: number };
  readonly 'network-contrast': { readonly significance: number };
}

/** The name of a finding. */
export type FindingCode = keyof FindingValues;

/** One thing that was found about a registration, for programs; `sentenceOf` puts it into words. */
export type Finding = {
  readonly [C in FindingCode]: { readonly code: C; readonly severity: Severity; readonly values: FindingValues[C] };
}[FindingCode];

/** A finding of a code. */
export function finding<C extends FindingCode>(code: C, severity: Severity, values: FindingValues[C]): Finding {
  // The union has a member for each code; the compiler cannot see which one `C` is.
  return { code, severity, values } as Finding;
}
