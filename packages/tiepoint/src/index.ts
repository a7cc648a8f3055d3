export { circularSd, covarianceAt, type ErrorField, predictErrorField } from './accuracy-map/error-field.js';
export { assess, type Assessment, type DisplacementVector, type Misregistration } from './assess/assess.js';
export { detect, type Detection, type DetectOptions, type Keypoint } from './detect/detect.js';
export { type Matching, matchImages } from './register/match.js';
export type { ImportedTiePoint, ImportedTiePoints } from './register/imported-tie-points.js';
export type { RegisterOptions } from './register/prepare.js';
export { register } from './register/register.js';
export type {
  Accuracy,
  BandChoice,
  BandTrial,
  MatrixRows,
  Provenance,
  ProvenanceInput,
  RegisterMethod,
  Registration,
  RegistrationResult,
  TiePoint,
  Verdict,
} from './register/types.js';
export { closeLoop, type LoopClosure, type LoopSide } from './series/loop-closure.js';
export { registerSeries, type SeriesLoop, type SeriesRegistration } from './series/register-series.js';
export { renderReport } from './report/page.js';
export type { ReportImages, ReportInput } from './report/report-input.js';
export { parseSolution, type Solution, usableTransform } from './solution/solution.js';
export { transformFromJson, type TransformJson, transformToJson } from './solution/transform-json.js';
export type { PlaneOptions } from './register/plane-options.js';
export { type PlaneRegistration, registerPlanes } from './register/register-planes.js';
export { type Evidence, judge, type Judgement } from './register/verdict.js';
export { shippedDlsm } from './weights/shipped-dlsm.js';
export { shippedKeypointNetworks } from './weights/shipped-keypoint-networks.js';
