import type { Found } from './quadratic-peak.js';

/** An answer and what was wrong with it. */
export interface LocalisationError extends Found {
  /** Estimate minus truth, px. */
  readonly dx: number;
  readonly dy: number;
}

/** How errors spread, px. */
export interface ErrorStatistics {
  /** Standard deviation of the components about their means. */
  readonly sd: number;
  /** 1.48 times the median absolute deviation of the components from their medians (Uss 2020, §3.2). */
  readonly robustSd: number;
  /** Standard deviation of errors divided by what was predicted, 1 where the prediction is right; null without predictions. */
  readonly normalisedSd: number | null;
  /** Mean error. */
  readonly bias: readonly [x: number, y: number];
}

/** Error normalised by its covariance, L⁻¹ e with C = L Lᵀ, along the major and minor axis of the ellipse (Uss 2020, §4.3). */
export function normalisedError(
  { dx, dy }: { readonly dx: number; readonly dy: number },
  [xx, xy, yy]: readonly [number, number, number],
): readonly [major: number, minor: number] {
  const { angle, major, minor } = ellipseOf([xx, xy, yy]);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [(c * dx + s * dy) / Math.sqrt(major), (c * dy - s * dx) / Math.sqrt(minor)];
}

/** The ellipse of a covariance: its eigenvalues, px², and the direction of the larger one's vector, −π/2 to π/2 from +x towards +y. */
export function ellipseOf([xx, xy, yy]: readonly [number, number, number]): {
  readonly major: number;
  readonly minor: number;
  readonly angle: number;
} {
  const middle = (xx + yy) / 2;
  const reach = Math.hypot((xx - yy) / 2, xy);
  return {
    major: middle + reach,
    minor: Math.max(middle - reach, 1e-12),
    angle: 0.5 * Math.atan2(2 * xy, xx - yy),
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Statistics of at least one error. */
export function errorStatistics(errors: readonly LocalisationError[]): ErrorStatistics {
  const components = [errors.map(({ dx }) => dx), errors.map(({ dy }) => dy)] as const;
  const about = (centre: (values: readonly number[]) => number): number[] =>
    components.flatMap((values) => {
      const c = centre(values);
      return values.map((value) => value - c);
    });
  const squares = about(meanOf).map((value) => value * value);
  const normalised = errors.flatMap((error) => (error.covariance ? normalisedError(error, error.covariance) : []));
  return {
    sd: Math.sqrt(meanOf(squares)),
    robustSd: 1.48 * medianOf(about(medianOf).map(Math.abs)),
    normalisedSd: normalised.length === 0 ? null : Math.sqrt(meanOf(normalised.map((value) => value * value))),
    bias: [meanOf(components[0]), meanOf(components[1])],
  };
}
