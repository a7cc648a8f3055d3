import type { Answer, AnswerOf, Failure, Handlers, Request } from './protocol.js';

/** How a call is made. */
interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** Calls a worker; what it answers is known by the type of its handlers. */
export interface Client<H extends Handlers> {
  /** @throws CallFailed with what went wrong over there. */
  call<K extends keyof H & string>(name: K, args: Parameters<H[K]>[0], options?: CallOptions): Promise<AnswerOf<H, K>>;
  /** Ends the worker at once, whatever it is doing; the next call starts another. */
  stop(): void;
}

/** What went wrong in a worker. */
export class CallFailed extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'CallFailed';
    this.failure = failure;
  }
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((text: string) => void) | undefined;
}

const interrupted: Failure = { code: 'interrupted', message: 'Interrupted.', hint: '' };

/** A client of a worker that is started when it is first called. */
export function createClient<H extends Handlers>(start: () => Worker): Client<H> {
  let worker: Worker | null = null;
  let next = 0;
  const waiting = new Map<number, Waiting>();
  const failAll = (failure: Failure): void => {
    const all = [...waiting.values()];
    waiting.clear();
    for (const { reject } of all) reject(new CallFailed(failure));
  };
  const begin = (): Worker => {
    const started = start();
    started.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      const call = waiting.get(data.id);
      if (call === undefined) return;
      if ('progress' in data) {
        call.onProgress?.(data.progress);
        return;
      }
      waiting.delete(data.id);
      if ('failure' in data) call.reject(new CallFailed(data.failure));
      else call.resolve(data.result as never);
    });
    started.addEventListener('error', (event) => {
      worker = null;
      failAll({ code: 'unexpected', message: event.message || 'A worker could not be started.', hint: '' });
    });
    return started;
  };
  return {
    call(name, args, { signal, onProgress } = {}) {
      if (signal?.aborted) return Promise.reject(new CallFailed(interrupted));
      worker ??= begin();
      const [target, id] = [worker, next++];
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: resolve as (result: never) => void, reject, onProgress });
        const request: Request = { id, call: name, args };
        target.postMessage(request);
        signal?.addEventListener('abort', () => {
          target.postMessage({ id, cancel: true } satisfies Request);
        });
      });
    },
    stop() {
      worker?.terminate();
      worker = null;
      failAll(interrupted);
    },
  };
}
