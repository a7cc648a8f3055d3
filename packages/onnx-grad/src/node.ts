/** The part that needs Node: files and worker threads. */
export { jsonLines, loadCheckpoint, saveCheckpoint, writeAtomically } from './files.js';
export {
  type BatchSource,
  type BatchSourceModule,
  type WorkerBatchesOptions,
  workerBatches,
} from './worker-batches.js';
export { type Profile, type ProfiledNode, profileModel, profileTraining } from './profile.js';
