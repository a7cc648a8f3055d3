import { CallFailed } from '../worker/client.js';
import { type Failure, failureOf } from '../worker/protocol.js';

/** What went wrong, here or in a worker. */
export function failureIn(error: unknown): Failure {
  return error instanceof CallFailed ? error.failure : failureOf(error);
}
