export { assess, type Assessment, type AssessOptions, type Misregistration } from './assess/assess.js';
export type { DisplacementVector } from './assess/displacements.js';
export type { Trend } from './assess/trends.js';
export {
  chooseDisplay,
  type Display,
  type DisplayChoice,
  type Stretch,
  stretches,
  toRgba,
  usualBands,
} from './display/display.js';
export { detect, type Detection, type DetectOptions, type Keypoint } from './detect/detect.js';
export type { Evidence, Measurement, RivalPlace } from './evidence/evidence.js';
export { type ErrorCategory, type ErrorCode, errorCodeOf } from './errors/error-codes.js';
export { type FilePlacement, placementOfFiles } from './inputs/file-placement.js';
export type { ImportedTiePoint, ImportedTiePoints } from './inputs/imported-tie-points.js';
export type { LinearSar } from './inputs/linear-sar-scale.js';
export type { PixelScale } from './inputs/pixel-scale.js';
export type { RegisterMethod } from './inputs/register-method.js';
export type { RegisterOptions } from './inputs/register-options.js';
export { type Task, taskOfPlanes, type TaskOptions } from './inputs/task.js';
export { type Matching, matchImages } from './match.js';
export { type Edits, type HandTiePoint, isUnedited, noEdits, type Ring } from './mend/edits.js';
export { refit } from './mend/refit.js';
export { createSnapper, type Snapper, type SnapperOptions } from './mend/snapper.js';
export { circularSd, covarianceAt, type ErrorField, predictErrorField } from './model/error-field.js';
export type { FileModel } from './model/file-model.js';
export { register, registerTask } from './register.js';
export { buildReport, type BuildReportOptions, type ReportedResult } from './report/build-report.js';
export { renderReport } from './report/page.js';
export { type VerdictWords, verdictWords } from './report/verdict-words.js';
export type { ReportImages, ReportInput } from './report/report-input.js';
export type { RegistrationResult } from './result/registration-result.js';
export type {
  Accuracy,
  BandChoice,
  BandTrial,
  MatrixRows,
  Provenance,
  ProvenanceInput,
  Registration,
} from './result/registration.js';
export { parseRegistration } from './result/registration.js';
export { type ItemSource, metadataItems } from './result/metadata-items.js';
export { formatTiePoints } from './result/format-tie-points.js';
export { footprintOf } from './result/footprint.js';
export { lineageOf, registeredFacts } from './result/registered-facts.js';
export { shellWord } from './result/shell-word.js';
export { parseSolution, type Solution, usableTransform } from './result/solution.js';
export type { TaskResult } from './result/task-result.js';
export type { TiePoint } from './result/tie-point.js';
export { transformFromJson, type TransformJson, transformToJson } from './result/transform-json.js';
export { reasonsOf, sentenceOf } from './result/words.js';
export type { MeasuredPair } from './series/measured-pair.js';
export { registerSeries, type SeriesOptions, type SeriesRegistration } from './series/register-series.js';
export type { ImagePlace, PairCheck, PairOutcome, PairState, SeriesNetwork } from './series/solve-network.js';
export type { JointError } from './model/joint-error.js';
export {
  type ConfidenceFeature,
  confidenceFeatures,
  type ConfidenceModel,
  confidenceOf,
} from './verdict/confidence.js';
export type { Finding, FindingCode, FindingValues, Severity } from './verdict/finding.js';
export { judge, type Judgement, type Verdict } from './verdict/judge.js';
export { type VerdictLimits, verdictLimits } from './verdict/limits.js';
export { shippedDlsm } from './weights/shipped-dlsm.js';
export { shippedKeypointNetworks } from './weights/shipped-keypoint-networks.js';
