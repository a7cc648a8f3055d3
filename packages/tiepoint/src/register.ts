import type { RasterFile } from '@tiepoint/raster';
import { measureModel, surroundingsOf } from './evidence/measure.js';
import { chooseBands } from './inputs/choose-bands.js';
import { readInputs } from './inputs/read-inputs.js';
import type { RegisterOptions } from './inputs/register-options.js';
import type { Task } from './inputs/task.js';
import { inFilePixels } from './model/file-model.js';
import { measuringPolicy } from './measuring-policy.js';
import { straighten } from './inputs/straighten.js';
import { fitModel } from './model/fit-model.js';
import { findingsOfFiles } from './model/from-views.js';
import { modelOfFiles, partsOf } from './model/matched-parts.js';
import { refine } from './refine/refine.js';
import { describeRegistration, type RegistrationResult } from './result/registration-result.js';
import { createStopwatch, type Stopwatch } from './result/stage-times.js';
import type { TaskResult } from './result/task-result.js';
import { basisOf } from './mend/fit-basis.js';
import { isWithinBound } from './search/bound.js';
import { atOneResolution } from './search/one-resolution.js';
import { type Candidate, candidateStrength, type NotFound, search } from './search/search.js';
import { finding } from './verdict/finding.js';
import { judge, judgementOf } from './verdict/judge.js';
import type { VerdictLimits } from './verdict/limits.js';

/** Searches images of different size as they are and, unless that convinces, as one ground at two resolutions. */
async function searchResolutions(
  task: Task,
): Promise<{ readonly task: Task; readonly candidate: Candidate | NotFound }> {
  const candidate = await search(task);
  const strength = typeof candidate === 'string' ? 0 : candidateStrength(candidate);
  if (strength > measuringPolicy.searchUntil) return { task, candidate };
  const level = atOneResolution(task);
  if (level === null) return { task, candidate };
  const other = await search(level);
  const isBetter = typeof other !== 'string' && candidateStrength(other) > strength;
  return isBetter ? { task: level, candidate: other } : { task, candidate };
}

/** Registers the planes of a task: one room after another. */
export async function registerTask(
  given: Task,
  limits?: VerdictLimits,
  watch: Stopwatch = createStopwatch(),
): Promise<TaskResult> {
  const nothing = (method: string, why: Parameters<typeof judgementOf>[0]): TaskResult => {
    return { found: false, method, ...judgementOf(why, 0) };
  };
  const { task, candidate } = await watch.time('search', () => searchResolutions(given));
  const beyond = finding('beyond-max-shift', 'refuse', { limit: (task.maxShift ?? 0) * task.scale.reference[0] });
  if (candidate === 'beyond-max-shift') return nothing(task.method, [beyond]);
  const { share = 0 } = task.marks ?? {};
  if (candidate === 'only-marks')
    return nothing(task.method, [finding('stands-with-marks', 'refuse', { share, moved: 0 })]);
  if (candidate === 'too-few-windows') return nothing(task.method, [finding(candidate, 'refuse', {})]);
  const { method, keypointWeights } = candidate.proposal;
  const refined = await watch.time('refine', () => refine(task, candidate));
  if (refined === 'lost-at-full-resolution') return nothing(method, [finding(refined, 'refuse', {})]);
  if (refined === 'too-few-tie-points') return nothing(method, [finding(refined, 'refuse', { model: task.model })]);
  if (!isWithinBound(task, refined.referenceToSensed)) return nothing(method, [beyond]);
  const model = await watch.time('model', () => fitModel(task, refined));
  const surroundings = await watch.time('evidence', () => surroundingsOf(task, refined));
  const measured = await watch.time('evidence', () => measureModel(surroundings, refined.agreement, model));
  return {
    found: true,
    method: model.localised ? `${method} + DLSM` : method,
    keypointWeights,
    model: inFilePixels(model, task.scale),
    basis: basisOf(task, refined, model, surroundings),
    ...measured,
    ...judge(measured.evidence, measured.accuracy, limits),
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
  const straight = straighten(reference, sensed, options);
  const watch = createStopwatch();
  const bands = await watch.time('bands', () =>
    chooseBands(straight.reference, straight.sensed, straight.options, registerTask),
  );
  await using inputs = await watch.time('read', () => readInputs(straight.reference, straight.sensed, bands.options));
  const found = await registerTask(inputs.task, options.limits, watch);
  const findings = findingsOfFiles(found.findings, inputs.views);
  const parts = partsOf(inputs.views, straight.bends, sensed);
  const result = found.found ? { ...found, findings, model: modelOfFiles(found.model, parts) } : found;
  const seconds = (): number => (performance.now() - begin) / 1000;
  // Awaited here: the inputs, and with them what the engine has to say, go as soon as this returns.
  return await describeRegistration(reference, inputs, result, {
    bands: bands.choice,
    notes: straight.notes,
    parts,
    seconds,
    ...(options.timings === true ? { timings: watch.times } : {}),
  });
}
