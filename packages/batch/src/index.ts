export { type Job, type JobLimits, type JobOutputs, outputPaths } from './job/job.js';
export { planJobs, type PlanOptions } from './job/plan-jobs.js';
export { type DoneRecord, type Outcome } from './journal/record.js';
export { rowsOfGlobs } from './manifest/expand-globs.js';
export { parseManifest } from './manifest/parse-manifest.js';
export type { ManifestRow, RowSource, RowValue } from './manifest/row.js';
export type { JobAnswer, JobDeath } from './pool/messages.js';
export { createPool, type Executor, type PoolOptions } from './pool/pool.js';
export {
  type BatchControl,
  type BatchEvent,
  type BatchOptions,
  type BatchResult,
  type JobEnd,
  runBatch,
  type Shard,
} from './run/run-batch.js';
export { writeSummary } from './summary/write-summary.js';
export { type Journal, openJournal, readJournals } from './journal/journal.js';
export { type Lock, takeLock } from './journal/lock.js';
export { guardedFetch, isPublicAddress } from './pool/guarded-fetch.js';
export { createQueueExecutor } from './queue/queue-executor.js';
export { threadsOf, usualBound, usualJobs } from './run/defaults.js';
export { createJobRunner, type JobRunner, type RunnerOptions } from './run/job-runner.js';
