/** What DLSM is compared by: rivals trained on the same triplets, and grids of patches to localise in. */
export { type Rival, type RivalProgramOptions, rivals } from './dsm/rivals.js';
export { trainRival, type TrainRivalOptions } from './dsm/train-rival.js';
export type { TripletTensors } from './sampling/triplet-tensors.js';
export { drawSearchFields, type SearchFields, type SearchOptions } from './sampling/search-fields.js';
