import { type Correspondences, type Estimate, type Plane, type Transform } from '@tiepoint/geometry';
import {
  type Dlsm,
  type DlsmMatches,
  type Engine,
  type GridMatches,
  localisePatches,
  matchDlsm,
  spreadOf,
} from '@tiepoint/matching';
import { type FullImage, fullResolutionPlaces } from './full-resolution.js';

/** Tie points of the last pass. */
export interface TiePointSet {
  /** With the covariance of each, px² of the reference. */
  readonly points: Correspondences;
  /** Similarity of each, 0 to 1. */
  readonly score: Float64Array;
  /** Side of the patches or windows they come from, px of the reference. */
  readonly window: number;
  /** Whether the covariances are predictions to be believed, not only relative weights. */
  readonly predicted: boolean;
}

/** The matches of a grid pass as tie points. */
export function gridTiePoints(matches: GridMatches, window: number): TiePointSet {
  const { sensed, reference, covariance, score } = matches;
  return { points: { sensed, reference, covariance }, score, window, predicted: false };
}

/** Patches along the longer side, at most, and the least distance of their centres, px: nearer ones share most of their ground. */
const patches = { cells: 16, spacing: 16 };
/**
 * Shifts that are compared around the place a pass of the grid found, and how far off that may be, px. It is mostly right to a pixel,
 * but a patch that says little says it lies where it is looked for: a field that did not go after it would confirm any geometry.
 */
const field = { side: 3, step: 1, reach: 4 };
/** A patch whose deviation is predicted larger than this shows too little to be a tie point, px. */
const mostDeviation = 1.5;
/** Fewer tie points than this do not replace those of the grid. */
const fewest = 12;

/** Two images that were matched at less than their resolution. */
export interface FullImages {
  readonly reference: FullImage;
  readonly sensed: FullImage;
}

/** What a pass of the planes leaves at full resolution is more than the usual field holds where they are much smaller. */
const wideField = { side: 3, step: 1, reach: 6 };

async function atFullResolution(
  engine: Engine,
  dlsm: Dlsm,
  { reference, sensed }: FullImages,
  referenceToSensed: Transform,
  cells: number,
  signal?: AbortSignal,
): Promise<DlsmMatches> {
  const places = await fullResolutionPlaces(reference, sensed, referenceToSensed, cells);
  const spread = [spreadOf(reference.plane), spreadOf(sensed.plane)] as const;
  return localisePatches(engine, dlsm, places, spread, reference.scale[0] > 2 ? wideField : field, signal);
}

/** Tie points between the pixels of the files as between those of the planes. */
function onPlanes({ sensed, reference, covariance }: Required<Correspondences>, full: FullImages): Correspondences {
  const shrink = (data: Float64Array, [x, y]: readonly [number, number]): Float64Array =>
    data.map((v, i) => v / (i % 2 === 0 ? x : y));
  const [rx, ry] = full.reference.scale;
  return {
    sensed: shrink(sensed, full.sensed.scale),
    reference: shrink(reference, full.reference.scale),
    covariance: covariance.map((v, i) => v / [rx * rx, rx * ry, ry * ry][i % 3]!),
  };
}

/**
 * Tie points localised by DLSM at a geometry that is right to a pixel or two: patches whose predicted error is small, with their
 * covariance.
 *
 * @param full - the images at full resolution, where the planes are smaller: patches are cut from those
 * @returns null where too few patches say where they belong
 */
export async function localisedTiePoints(
  engine: Engine,
  dlsm: Dlsm,
  reference: Plane,
  sensed: Plane,
  referenceToSensed: Transform,
  signal?: AbortSignal,
  full?: FullImages,
): Promise<TiePointSet | null> {
  const cells = Math.min(patches.cells, Math.floor(Math.max(reference.width, reference.height) / patches.spacing));
  const found =
    full === undefined
      ? await matchDlsm(engine, dlsm, reference, sensed, referenceToSensed, { cells, ...field }, signal)
      : await atFullResolution(engine, dlsm, full, referenceToSensed, cells, signal);
  const kept = Array.from({ length: found.count }, (_, i) => i).filter((i) => found.deviation[i]! < mostDeviation);
  if (kept.length < fewest) return null;
  const pick = (data: Float64Array, size: number): Float64Array =>
    Float64Array.from(kept.flatMap((i) => Array.from(data.subarray(size * i, size * i + size))));
  const points = {
    sensed: pick(found.sensed, 2),
    reference: pick(found.reference, 2),
    covariance: pick(found.covariance, 3),
  };
  return {
    points: full === undefined ? points : onPlanes(points, full),
    score: Float64Array.from(kept, (i) => 1 / (1 + found.deviation[i]! ** 2)),
    window: full === undefined ? 32 : 32 / full.reference.scale[0],
    predicted: true,
  };
}

/** Median of the inliers' squared normalised residuals over what it is where the covariances are right. */
function varianceFactor({ points }: TiePointSet, estimate: Estimate): number {
  const { residuals } = estimate.fit;
  const covariance = points.covariance!;
  const ratios: number[] = [];
  for (let i = 0; i < estimate.inliers.length; i++) {
    if (estimate.inliers[i] === 0) continue;
    const [xx, xy, yy] = [covariance[3 * i]!, covariance[3 * i + 1]!, covariance[3 * i + 2]!];
    const [dx, dy] = [residuals[2 * i]!, residuals[2 * i + 1]!];
    ratios.push((yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / (xx * yy - xy * xy));
  }
  ratios.sort((a, b) => a - b);
  // Half of the squared Mahalanobis distances in two dimensions lie below 2 ln 2.
  return (ratios[ratios.length >> 1] ?? 1) / (2 * Math.LN2);
}

/** Tie points and their estimate with covariances scaled to the residuals; predicted ones are only ever enlarged. */
export function scaledToResiduals(
  set: TiePointSet,
  estimate: Estimate,
): { readonly points: Correspondences; readonly estimate: Estimate } {
  const factor = Math.max(varianceFactor(set, estimate), set.predicted ? 1 : 1e-3);
  const points = { ...set.points, covariance: set.points.covariance!.map((v) => v * factor) };
  // An estimate without given covariances has its parameters' from the residuals already.
  if (!set.predicted || factor === 1) return { points, estimate };
  const parameterCovariance = estimate.fit.parameterCovariance.map((v) => v * factor);
  return { points, estimate: { ...estimate, parameterCovariance, fit: { ...estimate.fit, parameterCovariance } } };
}
