import { applyTransform, fitTransform, rootMeanSquare, splineThrough, type Transform } from '@tiepoint/geometry';
import { type Georeference, geotransformFromGcps, type GroundControlPoint } from './georeference.js';
import { invertGeoTransform, pixelToMap } from './geotransform.js';

/** How an image that is placed by control points differs from its geotransform, the affine that fits them best. */
export interface Bend {
  /** Pixel of the file → pixel of an image that the geotransform would place exactly; both differ by little. */
  readonly toStraight: Transform;
  /** For people: what it was made of. */
  readonly text: string;
}

/** Bends of less than this at every control point are none, px. */
const leastBend = 0.05;
/** What a model must leave of what a simpler one leaves of points it has not seen. */
const worthBending = 0.8;
/** Up to so many points each is left out once; of more every other one. */
const mostAlone = 24;

const kept = new WeakMap<Georeference, Bend | null>();

/**
 * The bend of an image that is placed by control points; null of what its geotransform places exactly, or as well as the points
 * can tell. Of affine, polynomials of the second and third degree and the thin-plate spline through all points, the simplest is
 * taken that predicts points it has not seen about as well as any.
 */
export function bendOf(georeference: Georeference): Bend | null {
  const known = kept.get(georeference);
  if (known !== undefined) return known;
  const bend = georeference.gcps && georeference.origin !== 'file' ? findBend(georeference, georeference.gcps) : null;
  kept.set(georeference, bend);
  return bend;
}

type Fit = (source: Float64Array, target: Float64Array) => Transform | null;

const polynomial =
  (model: 'affine' | 'polynomial2' | 'polynomial3'): Fit =>
  (source, target) =>
    fitTransform({ source, target }, model)?.transform ?? null;

/** From the simplest on. */
const ways: readonly { readonly name: string; readonly least: number; readonly fit: Fit }[] = [
  { name: 'an affine map', least: 4, fit: polynomial('affine') },
  { name: 'a polynomial of the second degree', least: 8, fit: polynomial('polynomial2') },
  { name: 'a polynomial of the third degree', least: 14, fit: polynomial('polynomial3') },
  { name: 'a thin-plate spline', least: 6, fit: splineThrough },
];

function findBend(georeference: Georeference, gcps: readonly GroundControlPoint[]): Bend | null {
  const toPixel = invertGeoTransform(georeference.geotransform);
  if (toPixel === null || geotransformFromGcps(gcps) === null) return null;
  const source = Float64Array.from(gcps.flatMap(({ x, y }) => [x, y]));
  const target = Float64Array.from(gcps.flatMap(({ mapX, mapY }) => pixelToMap(toPixel, mapX, mapY)));
  const [straight, ...bent] = ways.map((way) => ({
    ...way,
    left: gcps.length < way.least ? Infinity : leftBy(way.fit, source, target),
  }));
  let best = straight!;
  for (const way of bent) if (way.left < worthBending * best.left) best = way;
  if (best === straight) return null;
  const toStraight = best.fit(source, target);
  if (toStraight === null) return null;
  const moved = applyTransform(toStraight, source).map((value, i) => Math.abs(value - source[i]!));
  if (!(Math.max(...moved) > leastBend) || !moved.every(Number.isFinite)) return null;
  return {
    toStraight,
    text: `placed by ${best.name} through ${gcps.length} ${georeference.rpc ? 'points of its RPCs' : 'control points'}`,
  };
}

/** Root mean square of what fits leave of points that they have not seen, px. */
function leftBy(fit: Fit, source: Float64Array, target: Float64Array): number {
  const count = source.length >> 1;
  const groups = count <= mostAlone ? count : 2;
  const left: number[] = [];
  for (let group = 0; group < groups; group++) {
    const part = (of: Float64Array, seen: boolean): Float64Array =>
      of.filter((_, i) => ((i >> 1) % groups === group) !== seen);
    const found = fit(part(source, true), part(target, true));
    if (found === null) return Infinity;
    const due = part(target, false);
    const predicted = applyTransform(found, part(source, false));
    for (let i = 0; i < due.length; i++) left.push(predicted[i]! - due[i]!);
  }
  return rootMeanSquare(left);
}
