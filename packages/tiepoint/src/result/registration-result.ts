import type { RasterFile } from '@tiepoint/raster';
import type { FileFitBasis } from '../mend/fit-basis.js';
import type { ErrorField } from '../model/error-field.js';
import { type JointError, jointErrorOf } from '../model/joint-error.js';
import type { MatchedParts } from '../model/matched-parts.js';
import type { Inputs } from '../inputs/read-inputs.js';
import type { TaskResult } from './task-result.js';
import { metresPerPixel } from './ground-distance.js';
import type { Accuracy, BandChoice, Registration } from './registration.js';
import type { StageTimes } from './stage-times.js';
import { type TiePoint, tiePointsOf } from './tie-point.js';
import { transformToJson } from './transform-json.js';
import type { MarksOfFile } from './marks-of-file.js';
import { reasonsOf } from './words.js';

/** A registration with its tie points, as the library returns it; files and JSON carry the {@link Registration} part. */
export interface RegistrationResult {
  readonly registration: Registration;
  readonly tiePoints: readonly TiePoint[];
  /** How well the transform is known at each place of the reference, computed when it is first asked for; null where it was refused. */
  readonly errorField: ErrorField | null;
  /** The same at a few points, with the covariance of all together; null where it was refused. */
  readonly jointError: JointError | null;
  /** What both files carry at the same pixels, which was left out; null where there is nothing. */
  readonly marks: MarksOfFile | null;
  /** What `refit` needs to fit and judge it again; null where nothing was found. */
  readonly basis: FileFitBasis | null;
  /** Metres per px of the reference; null where nothing says. */
  readonly metres: number | null;
}

/** What the document says of the transform: none where it was refused. */
function usableTransform(result: TaskResult): Pick<Registration, 'model' | 'sensedToReference' | 'parameters'> {
  if (!result.found) return { model: 'affine', sensedToReference: null };
  const { sensedToReference } = result.model;
  if (result.verdict !== 'refuse') return transformToJson(sensedToReference);
  return { model: sensedToReference.model, sensedToReference: null };
}

function withMetres({ unit, ...lengths }: Omit<Accuracy, 'ce90Metres'>, metres: number | null): Accuracy {
  return { ...lengths, unit, ...(metres === null ? {} : { ce90Metres: lengths.ce90 * metres }) };
}

function marksOfFile({ task: { marks, scale }, views }: Inputs): MarksOfFile | null {
  if (marks === null) return null;
  const [x, y] = scale.reference;
  const { mask, width, height, step } = marks;
  const { window } = views.reference;
  return { mask, width, height, scale: [x * step, y * step], origin: [window.x, window.y] };
}

/** What a registration came to: the part of its document that changes when it is mended. */
export function outcomeOf(
  result: TaskResult,
  tiePoints: readonly TiePoint[],
  metres: number | null,
): Omit<Registration, 'version' | 'seconds' | 'provenance' | 'warnings' | 'bands'> {
  const used = tiePoints.filter(({ off }) => off !== true);
  const inliers = (points: readonly TiePoint[]): number => points.filter(({ inlier }) => inlier).length;
  const imported = used.filter((point) => point.imported);
  return {
    verdict: result.verdict,
    reasons: reasonsOf(result.findings),
    findings: result.findings,
    confidence: result.confidence,
    ...usableTransform(result),
    tiePoints: used.length,
    inliers: inliers(used),
    ...(imported.length === 0 ? {} : { imported: { tiePoints: imported.length, inliers: inliers(imported) } }),
    accuracy: result.found ? withMetres(result.accuracy, metres) : null,
    method: result.method,
    logFalseAlarms: result.found ? result.evidence.logFalseAlarms[2] : 0,
  };
}

/**
 * The document of a registration, in pixels of the files.
 *
 * @param about - the choice of bands, how bent images were placed, what of them was matched, and the seconds that it took, by stage where asked for
 */
export async function describeRegistration(
  reference: RasterFile,
  inputs: Inputs,
  result: TaskResult,
  about: {
    readonly bands: BandChoice | null;
    readonly notes: readonly string[];
    readonly parts: MatchedParts;
    readonly seconds: () => number;
    readonly timings?: StageTimes | undefined;
  },
): Promise<RegistrationResult> {
  const tiePoints = result.found ? tiePointsOf(result.model) : [];
  const { imported, provenance } = inputs;
  const { bands, notes, parts, seconds, timings } = about;
  const metres = await metresPerPixel(reference.georeference, reference.width, reference.height);
  const warnings = [...notes, ...(await inputs.warnings())];
  if (imported > 0 && result.found && result.model.imported === 0) {
    warnings.push(`the ${imported} imported tie points are left out: no model fits them and those that were found`);
  }
  const isUsable = result.found && result.verdict !== 'refuse';
  let errorField: ErrorField | null = null;
  const keypointWeights = result.found ? result.keypointWeights : undefined;
  const outcome = outcomeOf(result, tiePoints, metres);
  return {
    registration: {
      version: 1,
      ...outcome,
      // Also where none of them came to be used.
      ...(imported === 0 ? {} : { imported: { inliers: 0, ...outcome.imported, tiePoints: imported } }),
      ...(bands === null ? {} : { bands }),
      seconds: seconds(),
      ...(timings === undefined ? {} : { timings }),
      provenance: keypointWeights === undefined ? provenance : { ...provenance, keypointWeights },
      warnings,
    },
    tiePoints,
    get errorField() {
      // Most who register never look at it, and of a spline it takes as long as its fits.
      if (isUsable) errorField ??= result.model.errorField(reference);
      return errorField;
    },
    jointError: isUsable ? jointErrorOf(result.model) : null,
    marks: marksOfFile(inputs),
    basis: result.found ? { ...result.basis, parts } : null,
    metres,
  };
}
