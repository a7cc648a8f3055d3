import { type Answer, type Failure, failureOf, Handover, type Handlers, type Request } from './protocol.js';

/** The part of a worker's global scope that is used; the compiler is told of pages only. */
interface WorkerScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<Request>) => void): void;
  postMessage(message: Answer, transfer?: Transferable[]): void;
}

/** Answers the calls that reach this worker. */
export function serve(handlers: Handlers): void {
  const scope = globalThis as unknown as WorkerScope;
  const running = new Map<number, AbortController>();
  const fail = (id: number, failure: Failure): void => scope.postMessage({ id, failure });
  const answer = async ({ data }: MessageEvent<Request>): Promise<void> => {
    const { id } = data;
    if ('cancel' in data) {
      running.get(id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(id, controller);
    const context = {
      signal: controller.signal,
      progress: (text: string): void => scope.postMessage({ id, progress: text }),
    };
    try {
      const result = await handlers[data.call]!(data.args as never, context);
      if (result instanceof Handover) scope.postMessage({ id, result: result.value }, [...result.transfer]);
      else scope.postMessage({ id, result });
    } catch (error) {
      fail(id, failureOf(error));
    } finally {
      running.delete(id);
    }
  };
  scope.addEventListener('message', (event) => void answer(event));
}
