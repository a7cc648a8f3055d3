import { transformPoint, type Transform } from '@tiepoint/geometry';
import type { TiePoint } from '../result/tie-point.js';

/** A residual in units of its own predicted error: standard normal along both axes where the predictions are true. */
export type NormalisedError = readonly [number, number];

/** The parts of a normal distribution that the rings hold. */
export const ringShares = [0.5, 0.9, 0.99] as const;

const side = 460;
/** Where the plot ends, standard deviations. */
const end = 4.5;

/** Radius of the ring that holds a share of a two-dimensional standard normal distribution. */
function ringRadius(share: number): number {
  return Math.sqrt(-2 * Math.log(1 - share));
}

/** Residual (reference − predicted) of a tie point, whitened by the Cholesky factor of its covariance. */
export function normalisedError(point: TiePoint, sensedToReference: Transform): NormalisedError {
  const [px, py] = transformPoint(sensedToReference, point.sensed[0], point.sensed[1]);
  const [dx, dy] = [point.reference[0] - px, point.reference[1] - py];
  const [xx, xy, yy] = point.covariance;
  const a = Math.sqrt(xx);
  const b = xy / a;
  const c = Math.sqrt(yy - b * b);
  return [dx / a, (dy - (b * dx) / a) / c];
}

/** The share of the errors inside each of the rings. */
export function sharesInside(errors: readonly NormalisedError[]): number[] {
  return ringShares.map(
    (share) => errors.filter(([x, y]) => Math.hypot(x, y) <= ringRadius(share)).length / Math.max(errors.length, 1),
  );
}

/** The inliers' normalised errors as points among the rings of the normal distribution; those farther out stand on the border. */
export function drawNormalisedErrors(errors: readonly NormalisedError[]): string {
  const scale = side / 2 / end;
  const f = (value: number): string => String(Number(value.toFixed(1)));
  const at = ([x, y]: NormalisedError): readonly [number, number] => {
    const shrink = Math.min(1, (end - 0.15) / Math.max(Math.hypot(x, y), 1e-9));
    return [side / 2 + x * shrink * scale, side / 2 + y * shrink * scale];
  };
  const rings = ringShares
    .map((share) => {
      const r = ringRadius(share) * scale;
      const name = `<text x="${side / 2}" y="${f(side / 2 - r - 4)}" text-anchor="middle">${Math.round(100 * share)} %</text>`;
      return `<circle class="ring" cx="${side / 2}" cy="${side / 2}" r="${f(r)}"/>${name}`;
    })
    .join('');
  const dots = errors
    .map((error) => {
      const [x, y] = at(error);
      return `<circle cx="${f(x)}" cy="${f(y)}" r="3.2"/>`;
    })
    .join('');
  const inside = sharesInside(errors).map((share) => `${Math.round(100 * share)} %`);
  const words = `Normalised errors of ${errors.length} inliers: ${inside.join(', ')} lie inside the rings that should hold 50 %, 90 % and 99 %.`;
  return (
    `<svg class="normalised" viewBox="0 0 ${side} ${side}" role="img" aria-label="${words}">` +
    `<path class="axis" d="M0 ${side / 2}H${side}M${side / 2} 0V${side}"/><g class="normalised-dots">${dots}</g>${rings}</svg>`
  );
}
