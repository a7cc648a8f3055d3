import { fitTransform, isMatrixTransform, type MatrixTransform, type Transform } from '@tiepoint/geometry';
import { sharedGround, type SharedGround } from '../inputs/shared-ground.js';
import { planesOf, type Task } from '../inputs/task.js';
import { measuringPolicy } from '../measuring-policy.js';
import { fitTiePoints, type FittedModel } from '../model/fit-tie-points.js';
import { supportOf } from '../search/asked-networks.js';
import { type MatchPass, type PassResult, runPass } from '../search/match-pass.js';
import { coarseStep, commonExtent, finePasses } from '../search/passes.js';
import type { Candidate } from '../search/search.js';
import type { TiePointSet } from '../model/tie-point-set.js';
import { gridTiePoints, localisedTiePoints } from './tie-points.js';
import { askNetwork } from './network-opinion.js';
import { agreementOf, strengthOf, type WindowAgreement } from './window-agreement.js';

/** Tie points at full resolution, and how the windows agreed on the way there. */
export interface Refined {
  /** Reference px → sensed px. */
  readonly referenceToSensed: MatrixTransform;
  /** The ground both images show at that geometry. */
  readonly ground: SharedGround;
  readonly agreement: WindowAgreement;
  /** The model that the windows of the last pass speak for. */
  readonly windows: FittedModel;
  /** DLSM's, or those of the windows, which are then those of `windows`. */
  readonly tiePoints: TiePointSet;
  /** The first pass and the last. */
  readonly coarse: PassResult;
  readonly last: PassResult;
}

/** Why a candidate came to nothing. */
export type Lost = 'lost-at-full-resolution' | 'too-few-tie-points';

/** Runs passes one after another until one is enough; null as soon as one fails. */
async function runPasses(
  task: Task,
  start: MatrixTransform,
  passes: readonly MatchPass[],
  isEnough: (result: PassResult) => boolean,
): Promise<readonly PassResult[] | null> {
  const done: PassResult[] = [];
  let geometry = start;
  for (const pass of passes) {
    const result = await runPass(task, geometry, pass);
    if (result === null) return null;
    done.push(result);
    if (isEnough(result)) break;
    geometry = result.referenceToSensed;
  }
  return done;
}

/** The transform from the reference to the sensed image that a model means: good to a fraction of its residuals, for a field to be laid along. */
function backwards({ set, estimate }: FittedModel): Transform | null {
  const { source, target } = set.points;
  const weights = Float64Array.from(estimate.inliers);
  return fitTransform({ source: target, target: source }, estimate.model, weights)?.transform ?? null;
}

/** Tie points by DLSM at a geometry; null where there is no network, the agreement is no better than chance, or too few patches say where they belong. */
async function localise(
  task: Task,
  referenceToSensed: MatrixTransform,
  windows: FittedModel,
  agreement: WindowAgreement,
): Promise<TiePointSet | null> {
  if (task.dlsm === null || strengthOf(agreement) < measuringPolicy.localiseFrom) return null;
  task.onProgress?.('localising tie points');
  // The field of DLSM is narrow: where the scene bends it is laid along the bend.
  const geometry = isMatrixTransform(windows.estimate.transform)
    ? referenceToSensed
    : (backwards(windows) ?? referenceToSensed);
  return localisedTiePoints(task, task.dlsm, geometry);
}

/** Follows passes to their tie points: what the windows agree on, what the network thinks of it, and where DLSM puts patches. */
async function tiePointsAfter(
  task: Task,
  coarse: PassResult,
  passes: readonly PassResult[],
): Promise<(Refined & { readonly localised: boolean }) | null> {
  const last = passes.at(-1)!;
  const { matches, pass, referenceToSensed: found } = last;
  const ground = sharedGround(...planesOf(task), found);
  const windows = fitTiePoints(task, gridTiePoints(matches, pass.window), found, ground, matches.tried);
  if (windows === null) return null;
  const alone = { ...agreementOf(coarse, passes, windows, ground), support: await supportOf(task, found) };
  const opinion = await askNetwork(task, alone, found);
  const agreement = opinion === null ? alone : { ...alone, contrast: opinion.contrast.significance };
  const referenceToSensed = opinion?.referenceToSensed ?? found;
  const patches = await localise(task, referenceToSensed, windows, agreement);
  if (patches !== null) {
    return { referenceToSensed, ground, agreement, windows, tiePoints: patches, localised: true, coarse, last };
  }
  // Where the network moved the geometry but has too few tie points for a solution, what it says of that geometry is not of the windows'.
  const stays = referenceToSensed === found;
  return {
    referenceToSensed: found,
    ground,
    agreement: stays ? agreement : alone,
    windows,
    tiePoints: windows.set,
    localised: false,
    coarse,
    last,
  };
}

/** Refines a candidate pass by pass to full resolution, and finds its tie points there. */
export async function refine(task: Task, { coarse }: Candidate): Promise<Refined | Lost> {
  task.onProgress?.('refining');
  const extent = commonExtent(...planesOf(task), coarse.referenceToSensed);
  const passes = finePasses(extent, Math.min(coarse.pass.step, coarseStep(extent)));
  const needsNoMore = ({ pass, logFalseAlarms }: PassResult): boolean =>
    task.dlsm !== null && pass.step === 1 && logFalseAlarms < measuringPolicy.lastPassUnless;
  const done = await runPasses(task, coarse.referenceToSensed, passes, needsNoMore);
  if (done === null) return 'lost-at-full-resolution';
  const found = await tiePointsAfter(task, coarse, done);
  if (found === null) return 'too-few-tie-points';
  const left = passes.slice(done.length);
  if (found.localised || left.length === 0) return found;
  // Then the tie points are those of the windows, and want the last pass.
  const rest = await runPasses(task, done.at(-1)!.referenceToSensed, left, () => false);
  if (rest === null) return 'lost-at-full-resolution';
  return (await tiePointsAfter({ ...task, dlsm: null }, coarse, [...done, ...rest])) ?? 'too-few-tie-points';
}
