import type { Job } from '../job/job.js';
import type { Outcome } from '../journal/record.js';

/** What a child is told. */
export interface JobMessage {
  readonly job: Job;
}

/** How a job ended whose process lived to say so. */
export interface JobAnswer {
  readonly kind: 'answer';
  /** As `tiepoint register` would have ended. */
  readonly status: number;
  readonly outcome: Outcome | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string } | null;
  /** Whether the fault lies with the network, so that another try may succeed. */
  readonly networkFault: boolean;
  readonly written: readonly string[];
}

/** How a job ended whose process did not. */
export interface JobDeath {
  readonly kind: 'death';
  /** `limit`: the pool ended it for its time or memory; `stop`: because the batch was to end. */
  readonly cause: 'crash' | 'limit' | 'stop';
  readonly message: string;
}

/** What a child says. */
export type ChildMessage = { readonly kind: 'ready' } | JobAnswer;
