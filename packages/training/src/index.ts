export { type PairRecord, readPairManifest, readStackManifest, type StackRecord } from './data/manifest.js';
export { loadTrainingPairs, type PairSource, type TrainingPair } from './data/training-pairs.js';
export { toPlane, toTrainingImage, type TrainingImage } from './data/training-image.js';
export { alignPair } from './alignment/align-pair.js';
export { alignPairs, summariseAlignments } from './alignment/align-pairs.js';
export { applyAlignments, type StoredAlignment } from './alignment/stored-alignments.js';
export { type Augmentation, defaultAugmentation, noAugmentation } from './sampling/augment.js';
export { createPairChooser, type PairChooser, type SetWeights } from './sampling/choose-pair.js';
export { drawTriplets, type TripletBatch, type TripletOptions } from './sampling/triplets.js';
export type { TripletSourceOptions } from './sampling/triplet-source.js';
export { type DlsmBatch, type DlsmProgramOptions, dlsmParameters, dlsmProgram } from './dlsm/program.js';
export { trainDlsm, type TrainDlsmOptions, type ValidationRecord } from './dlsm/train-dlsm.js';
export { areaUnderCurve } from './validation/area-under-curve.js';
export {
  compareTriplets,
  drawValidationSets,
  validateDlsm,
  type ValidationRow,
  type ValidationSet,
} from './validation/validate-dlsm.js';
export { calibrateDlsm, type CalibrationRow } from './validation/calibrate-dlsm.js';
export { type CurvePoint, validationCurve } from './validation/validation-curve.js';
export { defaultWarp, randomWarp, type WarpRange } from './detection/random-warp.js';
export { defaultGreyVariation, type GreyVariation } from './detection/vary-greys.js';
export { drawWarpedPairs, type WarpedPairBatch, type WarpedPairOptions } from './detection/warped-pairs.js';
export type { WarpedPairSourceOptions } from './detection/warped-pair-source.js';
export {
  defaultDetectionLoss,
  detectionLosses,
  type DetectionLossName,
  type DetectionLossWeights,
} from './detection/loss-weights.js';
export { type DetectionBatch, detectionProgram, type DetectionProgramOptions } from './detection/program.js';
export {
  defaultKeypointSets,
  drawKeypointSets,
  type KeypointSetBatch,
  type KeypointSetOptions,
} from './cross-fusion/keypoint-sets.js';
export type { KeypointSetSourceOptions } from './cross-fusion/keypoint-set-source.js';
export { type CrossFusionBatch, crossFusionProgram, type CrossFusionProgramOptions } from './cross-fusion/program.js';
export { trainDetector, type TrainDetectorOptions } from './detection/train-detector.js';
export { trainMatcher, type TrainMatcherOptions } from './cross-fusion/train-matcher.js';
export type { RunOptions } from './run/training-run.js';
