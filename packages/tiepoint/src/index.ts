export type {
  Accuracy,
  MatrixRows,
  Provenance,
  ProvenanceInput,
  RegisterMethod,
  Registration,
  RegistrationResult,
  TiePoint,
  Verdict,
} from './register/types.js';
export { renderReport } from './report/page.js';
export type { ReportImages, ReportInput } from './report/report-input.js';
export { parseSolution, type Solution, usableTransform } from './solution/solution.js';
export { transformFromJson, type TransformJson, transformToJson } from './solution/transform-json.js';
