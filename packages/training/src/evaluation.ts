/** What other networks, rivals among them, are trained and measured with as ours are: the loop, what draws batches, parts of losses. */
export { alignTrainingPairs } from './run/aligned-training-pairs.js';
export { type RunOptions, runTraining, type TrainedNetwork, type Validation } from './run/training-run.js';
export { settingsOfData, type Settings } from './run/settings.js';
export { drawSearchFields, type SearchFields, type SearchOptions } from './sampling/search-fields.js';
export { pairsOfTriplets, partOf, patchOf, type TripletTensors, tripletTensors } from './sampling/triplet-tensors.js';
export { patchesPerTriplet } from './sampling/triplets.js';
export { dlsmLosses } from './dlsm/program.js';
/** Module that draws triplets in a worker, given `TripletSourceOptions`. */
export const tripletSource: URL = new URL('./sampling/triplet-source.js', import.meta.url);
export { type DisplacementBatch, type DisplacementOptions, drawDisplacements } from './sampling/displacements.js';
export type { DisplacementSourceOptions } from './sampling/displacement-source.js';
/** Module that draws fields of displacements in a worker, given {@link DisplacementSourceOptions}. */
export const displacementSource: URL = new URL('./sampling/displacement-source.js', import.meta.url);
/** Module that draws warped pairs in a worker, given `WarpedPairSourceOptions`. */
export const warpedPairSource: URL = new URL('./detection/warped-pair-source.js', import.meta.url);
/** Where both images of a warped pair have corners, and the peaks of a map: what detectors are told to find. */
export { commonCorners } from './detection/common-corners.js';
export { borderOf, keypointCount } from './detection/counted-ground.js';
export { maskedMean } from './detection/masked-mean.js';
export { strongestPeaks } from './detection/strongest-peaks.js';
