import { availableParallelism, freemem, totalmem } from 'node:os';

/** What a pair of usual size takes, bytes. */
const usualMemory = 1.2e9;

/** As many jobs at once as there are cores, and memory for. */
export function usualJobs(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / usualMemory)));
}

/** Threads of each of so many processes. */
export function threadsOf(jobs: number): number {
  return Math.max(1, Math.floor(availableParallelism() / jobs));
}

/** What each of so many processes may hold, bytes: together four fifths of the machine. */
export function usualBound(jobs: number): number {
  return Math.max(1e9, (0.8 * totalmem()) / jobs);
}
