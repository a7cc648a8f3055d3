/**
 * Rational polynomial coefficients (RPC00B): from longitude, latitude (degrees, WGS 84) and height (m above the ellipsoid) to
 * lines and samples, whose 0 is the centre of the first.
 */
export interface Rpc {
  readonly lineOffset: number;
  readonly sampleOffset: number;
  readonly latitudeOffset: number;
  readonly longitudeOffset: number;
  readonly heightOffset: number;
  readonly lineScale: number;
  readonly sampleScale: number;
  readonly latitudeScale: number;
  readonly longitudeScale: number;
  readonly heightScale: number;
  /** 20 coefficients each. */
  readonly lineNumerator: readonly number[];
  readonly lineDenominator: readonly number[];
  readonly sampleNumerator: readonly number[];
  readonly sampleDenominator: readonly number[];
}

/** A place on the ground as pixel of the image, corner convention; NaN beyond what the polynomials hold. */
export function projectByRpc(rpc: Rpc, longitude: number, latitude: number, height: number): [number, number] {
  const l = withinHalfTurn(longitude - rpc.longitudeOffset) / rpc.longitudeScale;
  const p = (latitude - rpc.latitudeOffset) / rpc.latitudeScale;
  const h = (height - rpc.heightOffset) / rpc.heightScale;
  const low = [1, l, p, h, l * p, l * h, p * h, l * l, p * p, h * h];
  const cubes = [p * l * h, l ** 3, l * p * p, l * h * h, l * l * p, p ** 3, p * h * h, l * l * h, p * p * h, h ** 3];
  const terms = [...low, ...cubes];
  const sum = (coefficients: readonly number[]): number =>
    terms.reduce((total, term, i) => total + term * coefficients[i]!, 0);
  return [
    (sum(rpc.sampleNumerator) / sum(rpc.sampleDenominator)) * rpc.sampleScale + rpc.sampleOffset + 0.5,
    (sum(rpc.lineNumerator) / sum(rpc.lineDenominator)) * rpc.lineScale + rpc.lineOffset + 0.5,
  ];
}

/** A difference of longitudes across the date line is a small one. */
function withinHalfTurn(degrees: number): number {
  if (degrees > 270) return degrees - 360;
  return degrees < -270 ? degrees + 360 : degrees;
}

/** Steps of Newton's method at most; polynomials that are nearly linear need four. */
const mostSteps = 20;

/** Where a pixel lies on the ground at a height; null where the polynomials do not say. */
export function locateByRpc(rpc: Rpc, x: number, y: number, height: number): [number, number] | null {
  let [longitude, latitude] = [rpc.longitudeOffset, rpc.latitudeOffset];
  const [stepLongitude, stepLatitude] = [rpc.longitudeScale * 1e-4, rpc.latitudeScale * 1e-4];
  for (let i = 0; i < mostSteps; i++) {
    const [u, v] = projectByRpc(rpc, longitude, latitude, height);
    const [dx, dy] = [x - u, y - v];
    if (Math.hypot(dx, dy) < 1e-7) return [longitude, latitude];
    const [u1, v1] = projectByRpc(rpc, longitude + stepLongitude, latitude, height);
    const [u2, v2] = projectByRpc(rpc, longitude, latitude + stepLatitude, height);
    const [a, b, c, d] = [
      (u1 - u) / stepLongitude,
      (u2 - u) / stepLatitude,
      (v1 - v) / stepLongitude,
      (v2 - v) / stepLatitude,
    ];
    const determinant = a * d - b * c;
    if (!Number.isFinite(determinant) || determinant === 0) return null;
    longitude += (d * dx - b * dy) / determinant;
    latitude += (a * dy - c * dx) / determinant;
  }
  const [u, v] = projectByRpc(rpc, longitude, latitude, height);
  return Math.hypot(x - u, y - v) < 1e-3 ? [longitude, latitude] : null;
}

/** The RPCs of an image whose pixels all lie so far from where they say, px. */
export function shiftRpc(rpc: Rpc, x: number, y: number): Rpc {
  return { ...rpc, sampleOffset: rpc.sampleOffset + x, lineOffset: rpc.lineOffset + y };
}
