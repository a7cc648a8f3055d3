/** The commands of this package, as the `tiepoint` command loads them. */
export { batchCommand } from './batch-command.js';
export { workerCommand } from './worker-command.js';
