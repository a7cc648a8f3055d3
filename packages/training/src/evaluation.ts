/** What DLSM is compared by: rivals trained on the same triplets, and grids of patches to localise in. */
export { type Rival, type RivalProgramOptions, rivals } from './dsm/rivals.js';
export { encodeParameters, trainRival, type TrainRivalOptions } from './dsm/train-rival.js';
export type { TripletTensors } from './sampling/triplet-tensors.js';
export { drawSearchFields, type SearchFields, type SearchOptions } from './sampling/search-fields.js';
/** What other networks are trained with as ours are. */
export { alignTrainingPairs } from './run/aligned-training-pairs.js';
export { runTraining, type TrainedThing } from './run/training-run.js';
/** Module that draws warped pairs in a worker, given {@link WarpedPairSourceOptions}. */
export const warpedPairSource: URL = new URL('./detection/warped-pair-source.js', import.meta.url);
/** Where both images of a warped pair have corners, and the peaks of a map: what detectors are told to find. */
export { commonCorners } from './detection/common-corners.js';
export { borderOf, keypointCount } from './detection/counted-ground.js';
export { maskedMean } from './detection/masked-mean.js';
export { strongestPeaks } from './detection/strongest-peaks.js';
