import { type Correspondences, type Estimate, fitTransform, type Transform } from '@tiepoint/geometry';
import type { RasterFile } from '@tiepoint/raster';
import { predictErrorField } from '../accuracy-map/error-field.js';
import { transformToJson } from '../solution/transform-json.js';
import { chooseBands } from './choose-bands.js';
import { metresPerPixel } from './ground-distance.js';
import { type Prepared, prepare, type RegisterOptions } from './prepare.js';
import { type PlaneRegistration, registerPlanes } from './register-planes.js';
import type { Accuracy, RegistrationResult, TiePoint } from './types.js';

/** Points of the planes in file pixels; the same arrays where the planes are at full resolution. */
function toFilePixels(points: Correspondences, { reference, sensed }: Prepared): Correspondences {
  const scaled = (data: Float64Array, [sx, sy]: readonly [number, number]): Float64Array =>
    data.map((v, i) => v * (i % 2 === 0 ? sx : sy));
  const [sx, sy] = reference.scale;
  const covariance = points.covariance?.map((v, i) => v * ([sx * sx, sx * sy, sy * sy][i % 3] ?? 1));
  return {
    sensed: scaled(points.sensed, sensed.scale),
    reference: scaled(points.reference, reference.scale),
    ...(covariance ? { covariance } : {}),
  };
}

/** The transform between file pixels: refitted to the inliers where the planes were smaller than the files. */
function fileTransform(estimate: Estimate, points: Correspondences, prepared: Prepared): Transform {
  const full = [...prepared.reference.scale, ...prepared.sensed.scale].every((s) => s === 1);
  if (full) return estimate.transform;
  const weights = Float64Array.from(estimate.inliers);
  return fitTransform(points, estimate.model, weights)?.transform ?? estimate.transform;
}

function tiePointList(result: PlaneRegistration, points: Correspondences, scale: number): TiePoint[] {
  const { score, estimate, given } = result;
  if (score === null) return [];
  return Array.from(score.keys(), (i) => ({
    sensed: [points.sensed[2 * i]!, points.sensed[2 * i + 1]!] as const,
    reference: [points.reference[2 * i]!, points.reference[2 * i + 1]!] as const,
    covariance: [points.covariance![3 * i]!, points.covariance![3 * i + 1]!, points.covariance![3 * i + 2]!] as const,
    score: Math.min(1, Math.max(0, score[i]!)),
    ...(i >= score.length - given ? { imported: true as const } : {}),
    inlier: estimate?.inliers[i] === 1,
    residual: (estimate?.residuals[i] ?? 0) * scale,
  }));
}

function importedCounts(count: number, tiePoints: readonly TiePoint[]): { tiePoints: number; inliers: number } {
  return { tiePoints: count, inliers: tiePoints.filter(({ imported, inlier }) => imported && inlier).length };
}

function scaleAccuracy(accuracy: Accuracy, scale: number, metres: number | null): Accuracy {
  return {
    rmse: accuracy.rmse * scale,
    checkRmse: accuracy.checkRmse * scale,
    ce90: accuracy.ce90 * scale,
    predictedSd: accuracy.predictedSd * scale,
    unit: 'px',
    ...(metres === null ? {} : { ce90Metres: accuracy.ce90 * scale * metres }),
  };
}

/**
 * Registers the sensed image to the reference: finds where each sensed pixel lies on the reference, how well that is known, and
 * whether it may be believed.
 *
 * @param reference - the fixed image; @param sensed - the image to be laid on it
 * @returns the registration, in full-resolution pixels of the files (corner convention), and its tie points. A registration
 *   that may be chance has verdict `refuse` and no transform.
 * @throws TiepointError `image-too-small`, `no-valid-pixels`, `no-structure`, `no-overlap`, and what reading throws
 */
export async function register(
  reference: RasterFile,
  sensed: RasterFile,
  options: RegisterOptions = {},
): Promise<RegistrationResult> {
  const begin = performance.now();
  const bands = await chooseBands(reference, sensed, options);
  const prepared = await prepare(reference, sensed, bands.options);
  try {
    const result = await registerPlanes(prepared.reference.plane, prepared.sensed.plane, prepared.options);
    const warnings = [
      ...prepared.warnings,
      ...prepared.reference.warnings,
      ...prepared.sensed.warnings,
      ...(await prepared.options.engine.warnings()),
    ];
    const scale = Math.sqrt(prepared.reference.scale[0] * prepared.reference.scale[1]);
    const points = result.points === null ? null : toFilePixels(result.points, prepared);
    const tiePoints = points === null ? [] : tiePointList(result, points, scale);
    const transform =
      result.estimate === null || points === null ? null : fileTransform(result.estimate, points, prepared);
    const usable = result.verdict === 'refuse' || transform === null ? null : transformToJson(transform);
    const metres = await metresPerPixel(reference.georeference, reference.width, reference.height);
    return {
      registration: {
        version: 1,
        verdict: result.verdict,
        reasons: result.reasons,
        ...(usable ?? { model: transform?.model ?? 'affine', sensedToReference: null }),
        tiePoints: tiePoints.length,
        inliers: tiePoints.filter(({ inlier }) => inlier).length,
        ...(options.tiePoints === undefined
          ? {}
          : { imported: importedCounts(options.tiePoints.points.length, tiePoints) }),
        ...(bands.choice === null ? {} : { bands: bands.choice }),
        accuracy: result.accuracy === null ? null : scaleAccuracy(result.accuracy, scale, metres),
        seconds: (performance.now() - begin) / 1000,
        method: result.method,
        provenance: {
          ...prepared.provenance,
          ...(result.keypointWeights === undefined ? {} : { keypointWeights: result.keypointWeights }),
        },
        warnings,
        logFalseAlarms: result.evidence?.logFalseAlarms.at(-1) ?? 0,
      },
      tiePoints,
      errorField: usable === null ? null : predictErrorField(result.estimate!.fit, reference, prepared.reference.scale),
    };
  } finally {
    await prepared.dispose();
  }
}
