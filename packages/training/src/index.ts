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
export { validationCurve } from './validation/validation-curve.js';
