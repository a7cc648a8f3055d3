import { type Covariance2, mean, median, squaredDistance } from '@tiepoint/geometry';

/** A check point of one registration: how far off it is, and how far off it was said to be. */
export interface CheckedPoint {
  /** Found minus true position, px of the reference. */
  readonly error: readonly [number, number];
  /** Of the transform at that place, px² of the reference. */
  readonly covariance: Covariance2;
}

/** The check points of one accepted registration. */
export interface CheckedRegistration {
  readonly set: string;
  readonly level: string;
  readonly id: string;
  readonly points: readonly CheckedPoint[];
  /** Standard deviation per axis of the truth itself, px of the reference. */
  readonly truthSd: number;
}

/** A line of the table; see {@link calibrationOf}. */
export interface TrustRow {
  readonly set: string;
  /** Accepted registrations. */
  readonly n: number;
  /** Of these, those that are more than {@link wrongPx} off: of another place, which is the verdict's fault. They are left out of what follows. */
  readonly wrong: number;
  readonly normalisedSd: number;
  readonly coverage90: number;
  readonly robustSd: number;
  readonly normalisedSdTruthRemoved: number;
  readonly normalisedSdTruthAdded: number;
  readonly coverage90TruthAdded: number;
  readonly predictedSdPx: number;
  readonly measuredSdPx: number;
}

/** Root mean square error of the check points, px, beyond which a registration does not just err. */
const wrongPx = 10;

/** Squared Mahalanobis distance within which nine of ten errors of a two-dimensional normal distribution lie. */
const ninety = -2 * Math.log(0.1);

function squaredRatio({ error: [dx, dy], covariance: [xx, xy, yy] }: CheckedPoint, added: number): number {
  return squaredDistance([dx, dy], [xx + added, xy, yy + added]);
}

/** What one registration predicts and what is measured, standard deviations per axis, px of the reference; and the share of points in their 90 % region. */
export function ownCalibration({ points }: CheckedRegistration): {
  readonly predictedSd: number;
  readonly measuredSd: number;
  readonly normalisedSd: number;
  readonly inside90: number;
} {
  return {
    predictedSd: Math.sqrt(mean(points.map(({ covariance: [xx, , yy] }) => (xx + yy) / 2))),
    measuredSd: Math.sqrt(mean(points.map(({ error: [dx, dy] }) => (dx * dx + dy * dy) / 2))),
    normalisedSd: Math.sqrt(mean(points.map((point) => squaredRatio(point, 0) / 2))),
    inside90: mean(points.map((point) => Number(squaredRatio(point, 0) <= ninety))),
  };
}

/**
 * How well predicted and measured errors agree over registrations, each of which counts the same:
 *
 * - `normalisedSd`: root mean square per axis of the check-point error divided by its predicted deviation, bias included; 1 where
 *   the predictions are true. `robustSd` is the same from the median, which a few gross errors do not move.
 * - `coverage90`: share of the check points inside the region that should hold nine of ten.
 * - `…TruthAdded`: the same for the prediction plus the variance of the truth itself, which the measured error contains.
 * - `normalisedSdTruthRemoved`: that variance taken from the measured instead: root of the mean of (error² − truth variance) over
 *   predicted variance; 0 where the truth explains all.
 */
export function calibrationOf(set: string, accepted: readonly CheckedRegistration[]): TrustRow {
  const registrations = accepted.filter((one) => ownCalibration(one).measuredSd * Math.SQRT2 <= wrongPx);
  const own = registrations.map(ownCalibration);
  const rootMean = (values: readonly number[]): number => Math.sqrt(Math.max(0, mean(values)));
  const over = (added: boolean): number[] =>
    registrations.map(({ points, truthSd }) =>
      mean(points.map((point) => squaredRatio(point, added ? truthSd ** 2 : 0) / 2)),
    );
  const truthRemoved = registrations.map(({ points, truthSd }) =>
    mean(
      points.map((point) => {
        const [xx, xy, yy] = point.covariance;
        // The trace of the inverse covariance: what an error of variance 1 per axis adds to the squared ratio.
        return (squaredRatio(point, 0) - (truthSd ** 2 * (xx + yy)) / (xx * yy - xy * xy)) / 2;
      }),
    ),
  );
  return {
    set,
    n: accepted.length,
    wrong: accepted.length - registrations.length,
    normalisedSd: rootMean(over(false)),
    coverage90: mean(own.map(({ inside90 }) => inside90)),
    robustSd: Math.sqrt(
      median(registrations.flatMap(({ points }) => points.map((point) => squaredRatio(point, 0)))) / (2 * Math.LN2),
    ),
    normalisedSdTruthRemoved: rootMean(truthRemoved),
    normalisedSdTruthAdded: rootMean(over(true)),
    coverage90TruthAdded: mean(
      registrations.map(({ points, truthSd }) =>
        mean(points.map((point) => Number(squaredRatio(point, truthSd ** 2) <= ninety))),
      ),
    ),
    predictedSdPx: median(own.map(({ predictedSd }) => predictedSd)),
    measuredSdPx: median(own.map(({ measuredSd }) => measuredSd)),
  };
}
