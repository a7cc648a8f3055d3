/** The covariance `[xx, xy, yy]` of a point, in squared pixels. */
export type Covariance2 = readonly [number, number, number];

/** An error ellipse: half axes in the unit of the points, and the direction of the major one (radians from +x towards +y). */
export interface Ellipse {
  readonly major: number;
  readonly minor: number;
  readonly angle: number;
}

/** The ellipse that holds `probability` of a two-dimensional normal distribution with this covariance. */
export function covarianceEllipse(covariance: Covariance2, probability = 0.9): Ellipse {
  const [xx, xy, yy] = covariance;
  const mean = (xx + yy) / 2;
  const spread = Math.hypot((xx - yy) / 2, xy);
  // Squared radii of a normal distribution in two dimensions are exponential: P(d² < q) = 1 − exp(−q / 2).
  const factor = Math.sqrt(-2 * Math.log(1 - probability));
  return {
    major: factor * Math.sqrt(Math.max(0, mean + spread)),
    minor: factor * Math.sqrt(Math.max(0, mean - spread)),
    angle: 0.5 * Math.atan2(2 * xy, xx - yy),
  };
}

/**
 * The radius of the circle around the true point that holds `probability` of the errors (0.9: CE90), in the unit of the points.
 * P(r) is the mean of 1 − exp(−r² / 2l²) over the directions of the whitened plane, where l is how far one standard deviation reaches.
 */
export function circularError(covariance: Covariance2, probability = 0.9): number {
  const { major, minor } = covarianceEllipse(covariance, 1 - Math.exp(-0.5));
  if (!(major > 0)) return major === 0 ? 0 : Number.NaN;
  // A vanishing minor axis makes the integrand a spike; one per mille of the major axis changes the radius by less than 1e-6.
  const a = 1;
  const b = Math.max(minor / major, 1e-3);
  const steps = 720;
  const held = (radius: number): number => {
    let sum = 0;
    for (let k = 0; k < steps; k++) {
      // Directions of the whitened circle: a unit vector (cos φ, sin φ) there lies at (a cos φ, b sin φ) here.
      const phi = ((k + 0.5) / steps) * (Math.PI / 2);
      const length2 = (a * Math.cos(phi)) ** 2 + (b * Math.sin(phi)) ** 2;
      sum += 1 - Math.exp((-0.5 * radius * radius) / length2);
    }
    return sum / steps;
  };
  let low = 0;
  let high = 2 * Math.sqrt(-2 * Math.log(1 - probability));
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (held(middle) < probability) low = middle;
    else high = middle;
  }
  return (major * (low + high)) / 2;
}
