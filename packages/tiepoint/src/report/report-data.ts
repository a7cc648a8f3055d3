import { sampleError } from './error-map.js';
import { normalisedError, ringShares, sharesInside } from './normalised-errors.js';
import type { ReportInput } from './report-input.js';

/** The numbers that the report shows, as plain data for the JSON inside it. */
export function reportData(input: ReportInput): object {
  const { registration, tiePoints, sensedToReference, errorField, displacementBefore, vectorsBefore, trends, grid } =
    input;
  const inliers = tiePoints.filter(({ inlier }) => inlier === true);
  const errors = sensedToReference === null ? [] : inliers.map((point) => normalisedError(point, sensedToReference));
  const sampled = errorField === null ? null : sampleError(errorField);
  return {
    version: 1,
    registration,
    grid,
    displacementBefore,
    vectorsBefore,
    trends,
    tiePoints:
      sensedToReference === null
        ? tiePoints
        : tiePoints.map((point) => ({
            ...point,
            normalisedError: normalisedError(point, sensedToReference),
          })),
    calibration: errors.length === 0 ? null : { expected: ringShares, inside: sharesInside(errors) },
    predictedSd:
      sampled === null
        ? null
        : {
            unit: 'px',
            columns: sampled.columns,
            rows: sampled.rows,
            values: Array.from(sampled.sd, (v) => Number(v.toPrecision(4))),
          },
  };
}

/** JSON that may stand inside a `script` element: nothing in it can end the element or begin a comment. */
export function scriptSafeJson(value: object): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
