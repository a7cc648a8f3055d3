import { type Backend, type Model, type Session, type Tensor, createSession } from 'onnx-grad';
import { asTiepointError } from './onnx-grad-error.js';

/** How an engine computes. */
export interface EngineOptions {
  /** `auto` (the default) is native where it is installed, else wasm. */
  readonly backend?: Backend | 'auto' | undefined;
  /** Threads within one operation; 2 unless named. */
  readonly threads?: number | undefined;
}

/**
 * Runs graphs and keeps the sessions made for them, so that a graph is built and loaded once per shape.
 * Dispose it to free the sessions.
 */
export interface Engine extends AsyncDisposable {
  /**
   * Runs the graph stored under `key`, building it on first use.
   *
   * @param key - names the graph with everything its shapes depend on
   * @throws TiepointError `engine-unavailable`, `engine-failed`
   */
  run<Name extends string>(
    key: string,
    build: () => Model<Readonly<Record<Name, Tensor>>>,
    feeds: Readonly<Record<string, Float32Array>>,
  ): Promise<Readonly<Record<Name, Float32Array>>>;
  /** What the runtime had to do differently than asked, for the user to know. */
  warnings(): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

/** Creates an engine without sessions. */
export function createEngine(options: EngineOptions = {}): Engine {
  const sessions = new Map<string, Promise<Session>>();
  const open = (key: string, build: () => Model): Promise<Session> => {
    let session = sessions.get(key);
    if (session === undefined) {
      session = createSession(build(), {
        backend: options.backend ?? 'auto',
        threads: options.threads ?? 2,
        spinning: false,
      });
      sessions.set(key, session);
    }
    return session;
  };
  const dispose = async (): Promise<void> => {
    const all = [...sessions.values()];
    sessions.clear();
    for (const session of all) await (await session).dispose();
  };
  return {
    async run<Name extends string>(
      key: string,
      build: () => Model<Readonly<Record<Name, Tensor>>>,
      feeds: Readonly<Record<string, Float32Array>>,
    ) {
      try {
        const session = await open(key, build);
        // The key stands for the build function, so the session has the outputs of its model.
        return (await session.run(feeds)) as Readonly<Record<Name, Float32Array>>;
      } catch (error) {
        throw asTiepointError(error);
      }
    },
    async warnings() {
      const found = new Set<string>();
      for (const session of sessions.values()) for (const warning of (await session).warnings) found.add(warning);
      return [...found];
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
