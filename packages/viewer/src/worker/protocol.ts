import { TiepointError } from '@tiepoint/geometry';
import { errorCodeOf } from 'tiepoint';

/** What went wrong, as it crosses between threads and is shown. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What a call is handed beside its arguments. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

/** A result whose memory moves to the asker instead of being copied. */
export class Handover<T> {
  readonly value: T;
  readonly transfer: readonly Transferable[];
  constructor(value: T, transfer: readonly Transferable[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

/** What a worker answers, by name. */
export type Handlers = Readonly<Record<string, (args: never, context: CallContext) => Promise<unknown>>>;

type Unwrapped<T> = T extends Handover<infer V> ? V : T;
/** What a call of a worker gives. */
export type AnswerOf<H extends Handlers, K extends keyof H> = Unwrapped<Awaited<ReturnType<H[K]>>>;

/** To the worker: a call, or that one is not wanted any more. */
export type Request =
  | { readonly id: number; readonly call: string; readonly args: unknown }
  | { readonly id: number; readonly cancel: true };

/** From the worker. */
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly id: number; readonly progress: string };

/** Any error as it is shown: with the hint that the command line would give. */
export function failureOf(error: unknown): Failure {
  if (error instanceof TiepointError) {
    return { code: error.code, message: error.message, hint: error.hint ?? errorCodeOf(error.code).hint };
  }
  if (error instanceof DOMException && error.name === 'AbortError') {
    return { code: 'interrupted', message: 'Interrupted.', hint: '' };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', message, hint: 'This is a bug in tiepoint, or the browser ran out of memory.' };
}
