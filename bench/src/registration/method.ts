import type { Transform } from '@tiepoint/geometry';
import type { WarpedPair } from './known-warp.js';

/** What a method says of a pair. */
export interface Answer {
  /** Null where it found none. */
  readonly sensedToReference: Transform | null;
  /** Whether the method itself calls the transform usable; methods without a verdict accept what they find. */
  readonly accepted: boolean;
  readonly seconds: number;
  /** Anything worth keeping in the per-pair results. */
  readonly detail?: unknown;
}

/** A registration method under test. */
export interface Method {
  readonly name: string;
  run(pair: WarpedPair, seed: number): Promise<Answer>;
  close(): Promise<void>;
}

/** Makes a method, or says why it cannot run here. */
export type MethodFactory = () => Promise<Method | { readonly absent: string }>;
