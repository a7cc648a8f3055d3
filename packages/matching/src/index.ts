export { dlsmLoss, dlsmNegativeLoss, type DlsmPrediction, dlsmPrediction } from './dlsm/prediction.js';
export { correlationNetwork, paperNetwork, type PatchNetwork } from './dlsm/networks.js';
export { cutPatch, type Linear, normalisePatch, patchSide, type PatchImage } from './dlsm/patch.js';
export { type Comparisons, comparePatches, type Dlsm } from './dlsm/compare.js';
export { decodeDlsm, type DlsmDescription, encodeDlsm } from './dlsm/weights.js';
export { contrastWithAside, type DlsmContrast } from './dlsm/contrast.js';
export {
  type DlsmGrid,
  type DlsmLook,
  type DlsmMatches,
  dlsmPlaces,
  localisePatches,
  matchDlsm,
} from './dlsm/match-dlsm.js';
export { type DlsmPlace, type PatchGround, spreadOf } from './dlsm/shifted-patches.js';
export { chooseWindows } from './grid/windows.js';
export { type Localisation, localisations, type ShiftField } from './dlsm/localise.js';
export { type Detector, detectionConfidence, detectKeypoints, type DetectOptions } from './detection/detect.js';
export { chooseKeypoints, type ConfidenceMap, type KeypointChoice, type Keypoints } from './detection/keypoints.js';
export {
  detectionNetwork,
  type DetectionNetwork,
  type DetectionNetworkOptions,
  type DetectionParameters,
  lightDetector,
  paperDetector,
  tableNetwork,
  type TableNetworkOptions,
  type ScaleFeatures,
} from './detection/networks.js';
export { type ConfidenceOptions, logScore, paperScaleWeights, type Upsampling } from './detection/peakiness.js';
export { createEngine, type Engine, type EngineOptions } from './engine.js';
export { asTiepointError } from './onnx-grad-error.js';
export { gaussianBlur } from './features/gaussian.js';
export { hopc, type HopcOptions } from './features/hopc.js';
export { mind, type MindOptions, type MindScale } from './features/mind.js';
export { orientedGradients, type OrientedGradientOptions } from './features/oriented-gradients.js';
export { phaseCongruency, type PhaseCongruency, type PhaseCongruencyOptions } from './features/phase-congruency.js';
export { featuresOf, type StructureFeatureName, structureFeatures } from './features/named-features.js';
export type { Described, StructureFeatures } from './features/structure-features.js';
export { type GridMatches, type GridPass, matchGrid } from './grid/grid-match.js';
export { type JointScores, matchJointly } from './grid/joint-scores.js';
export { shiftedAgreement, type WholeShift } from './grid/shifted-agreement.js';
export { allocatePatches, type Patches } from './image/patches.js';
export { type PolarPlace, polarGrid, samplePolarPatch, standardisePatch } from './image/polar-patches.js';
export { createPyramid, levelFor, type Pyramid } from './image/pyramid.js';
export { anyPose, aroundPose, nearPose, type Pose, type PoseRange, searchPose } from './pose/pose-search.js';
export { riftKeypoints } from './rift/rift-keypoints.js';
export { matchRift, type RiftMatches, type RiftOptions } from './rift/match-rift.js';
export { decodeDetector, encodeDetector } from './detection/weights.js';
export { type PatchSide, patchSides } from './cross-fusion/encoder.js';
export {
  crossFusionNetwork,
  type CrossFusionNetwork,
  type CrossFusionOptions,
  type CrossFusionParameters,
  matchingMatrix,
  type MatchLogits,
  type SetPlaces,
} from './cross-fusion/networks.js';
export { findViews, type FindViewsOptions, type FoundView } from './cross-fusion/find-views.js';
export { type KeypointImage, type Matcher } from './cross-fusion/encode-keypoints.js';
export type { ImageView } from './cross-fusion/image-view.js';
export {
  type KeypointMatches,
  matchKeypoints,
  type MatchKeypointsOptions,
  type NearestInView,
  nearestInViews,
  type NearestKeypoints,
} from './cross-fusion/match-keypoints.js';
export {
  type KeypointNetworks,
  matchByNetworks,
  type NetworkMatching,
  networkMatching,
  type NetworkMatches,
  type NetworkMatchOptions,
  type NetworkView,
} from './cross-fusion/match-images.js';
export { decodeMatcher, encodeMatcher } from './cross-fusion/weights.js';
