import { type Correspondences, rescale, TiepointError, type Transform, transformPoint } from '@tiepoint/geometry';
import { measureModel } from '../evidence/measure.js';
import type { PixelScale } from '../inputs/pixel-scale.js';
import { type FileModel, inFilePixels } from '../model/file-model.js';
import { findingsOfFiles } from '../model/from-views.js';
import { modelOfFiles, placeOfReference, pointsOfParts } from '../model/matched-parts.js';
import { fitTiePoints } from '../model/fit-tie-points.js';
import { jointErrorOf } from '../model/joint-error.js';
import { fitTogether } from '../model/fit-model.js';
import { outcomeOf, type RegistrationResult } from '../result/registration-result.js';
import { type TiePoint, tiePointsOf } from '../result/tie-point.js';
import { finding } from '../verdict/finding.js';
import { judge, judgementOf } from '../verdict/judge.js';
import type { VerdictLimits } from '../verdict/limits.js';
import type { FileFitBasis } from './fit-basis.js';
import { type Edits, isInside, isUnedited } from './edits.js';
import { choose, mendedAgreement } from './mended-agreement.js';

/** Tie points of a registration that edits switch off, one by one. */
function switchedOff(tiePoints: readonly TiePoint[], { off, excluded }: Edits): readonly boolean[] {
  const named = new Set(off);
  return tiePoints.map(({ reference: [x, y] }, i) => named.has(i) || excluded.some((ring) => isInside(ring, x, y)));
}

/** Imported points that are left and those set by hand, px of the planes; null where there are none. */
function pointsByHand(basis: FileFitBasis, isOff: readonly boolean[], edits: Edits): Correspondences | null {
  const { imported, found, surroundings, parts } = basis;
  const { points: added } = pointsOfParts({ points: edits.added, source: '' }, parts);
  const first = found.score.length;
  const kept = Array.from({ length: (imported?.source.length ?? 0) / 2 }, (_, i) => i).filter((i) => !isOff[first + i]);
  const [reference, sensed] = [surroundings.scale.reference, surroundings.scale.sensed];
  const back = ([x, y]: readonly [number, number]): readonly [number, number] => [1 / x, 1 / y];
  const hand = rescale(
    {
      source: Float64Array.from(added.flatMap((point) => point.sensed)),
      target: Float64Array.from(added.flatMap((point) => point.reference)),
      // Parts of the reference are never turned, and bends are slight.
      covariance: Float64Array.from(edits.added.flatMap((point) => point.covariance)),
    },
    back(sensed),
    back(reference),
  );
  const own = imported && choose({ ...found, points: imported, score: new Float64Array(kept.length) }, kept).points;
  const both = (name: 'source' | 'target' | 'covariance'): Float64Array =>
    Float64Array.from([...(own?.[name] ?? []), ...hand[name]!]);
  const points = { source: both('source'), target: both('target'), covariance: both('covariance') };
  return points.source.length === 0 ? null : points;
}

/** Tie points in the registration's own order, those switched off among them, then those set by hand. */
function listPoints(
  before: readonly TiePoint[],
  isOff: readonly boolean[],
  edits: Edits,
  transform: Transform | null,
  fitted: readonly TiePoint[],
): readonly TiePoint[] {
  let next = 0;
  const own = before.map((point, i): TiePoint => {
    if (!isOff[i]) return fitted[next++] ?? { ...point, inlier: false };
    const out = { ...point, off: true, inlier: false } as const;
    if (transform === null) return out;
    const [x, y] = transformPoint(transform, ...point.sensed);
    return { ...out, residual: Math.hypot(x - point.reference[0], y - point.reference[1]) };
  });
  const added = edits.added.map((point, i): TiePoint => {
    const { sensed, reference, covariance, by } = point;
    const at = fitted[next + i];
    return { sensed, reference, covariance, score: 1, inlier: false, ...at, imported: true, by };
  });
  return [...own, ...added];
}

/** What the edits leave of a registration of which nothing can be fitted any more. */
function tooFew(
  result: RegistrationResult,
  basis: FileFitBasis,
  isOff: readonly boolean[],
  edits: Edits,
): RegistrationResult {
  const model = edits.model ?? basis.model;
  const judgement = judgementOf([finding('too-few-tie-points', 'refuse', { model })], 0);
  const tiePoints = listPoints(result.tiePoints, isOff, edits, null, []);
  const { registration } = result;
  return {
    registration: {
      ...registration,
      ...outcomeOf({ found: false, method: registration.method, ...judgement }, [], null),
      provenance: { ...registration.provenance, edits: provenanceOf(edits) },
    },
    tiePoints,
    errorField: null,
    jointError: null,
    basis,
    metres: result.metres,
    marks: result.marks,
  };
}

/** What was done by hand, as the document says it. */
function provenanceOf({
  off,
  added,
  excluded,
  model,
}: Edits): NonNullable<RegistrationResult['registration']['provenance']['edits']> {
  return { off: [...off], added: [...added], excluded: [...excluded], ...(model === undefined ? {} : { model }) };
}

/** A file's model as if edits were part of it: residuals of the files. */
function modelOf(basis: FileFitBasis, edits: Edits, isOff: readonly boolean[], scale: PixelScale) {
  const { seed, referenceToSensed, surroundings, found } = basis;
  const setting = { model: edits.model ?? basis.model, seed, referenceToSensed, ground: surroundings.ground };
  const kept = Array.from(found.score.keys()).filter((i) => !isOff[i]);
  const set = choose(found, kept);
  const estimate = fitTiePoints(setting, set, referenceToSensed, setting.ground, kept.length)?.estimate ?? null;
  const model = fitTogether(setting, { set, estimate }, pointsByHand(basis, isOff, edits));
  if (model === null) return null;
  return { plane: model, file: modelOfFiles(inFilePixels(model, scale), basis.parts) };
}

/**
 * Fits and judges a registration again after edits by hand, without looking at the images: transform, accuracy, predicted error and
 * verdict follow. Points set by hand count neither for nor against chance; what is switched off never adds to the evidence.
 *
 * @param result - the registration as it was found; the indices of edits are those of its tie points
 * @returns the tie points in the same order, those switched off marked `off`, those added last
 * @throws TiepointError `refused` where nothing was found that could be mended, `invalid-option`
 */
export function refit(result: RegistrationResult, edits: Edits, limits?: VerdictLimits): RegistrationResult {
  const { basis, registration } = result;
  if (isUnedited(edits)) return result;
  if (basis === null) {
    throw new TiepointError('refused', 'nothing was found that could be mended', {
      hint: 'Register again with tie points of your own.',
    });
  }
  const { scale } = basis.surroundings;
  const isOff = switchedOff(result.tiePoints, edits);
  const fitted = modelOf(basis, edits, isOff, scale);
  if (fitted === null) return tooFew(result, basis, isOff, edits);
  const { plane, file } = fitted;
  const [rx, ry] = scale.reference;
  const placeOf = placeOfReference(basis.parts);
  const agreement = mendedAgreement(basis, plane.estimate.transform, {
    found: isOff.slice(0, basis.found.score.length),
    place: (x, y) => edits.excluded.some((ring) => isInside(ring, ...placeOf(x * rx, y * ry))),
  });
  const measured = measureModel(basis.surroundings, agreement, plane);
  const judgement = judge(measured.evidence, measured.accuracy, limits);
  const { method } = registration;
  const outcome = {
    found: true,
    method,
    keypointWeights: undefined,
    model: file,
    basis,
    ...measured,
    ...judgement,
    findings: findingsOfFiles(judgement.findings, basis.parts.views),
  } as const;
  const tiePoints = listPoints(result.tiePoints, isOff, edits, file.sensedToReference, tiePointsOf(file));
  return {
    registration: {
      ...registration,
      ...outcomeOf(outcome, tiePoints, result.metres),
      provenance: { ...registration.provenance, edits: provenanceOf(edits) },
    },
    tiePoints,
    jointError: judgement.verdict === 'refuse' ? null : jointErrorOf(file),
    errorField: judgement.verdict === 'refuse' ? null : file.errorField(sizeOf(registration)),
    basis,
    metres: result.metres,
    marks: result.marks,
  };
}

function sizeOf({ provenance }: RegistrationResult['registration']): Parameters<FileModel['errorField']>[0] {
  return provenance.inputs.find(({ role }) => role === 'reference')!;
}
