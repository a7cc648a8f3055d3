/** Functions that make a new state of the old one and what happened, by the name of what happened. */
export type Reducers<S> = Readonly<Record<string, (state: S, what: never) => S>>;

/** What is told of a happening. */
type Told<F> = F extends (state: never, what: infer W) => unknown ? W : never;

/** Keeps a state and tells who listens when it changes. */
export interface Store<S, R extends Reducers<S>> {
  readonly state: S;
  dispatch<K extends keyof R & string>(name: K, what: Told<R[K]>): void;
  /** Returns a function that ends it. */
  subscribe(listener: (state: S, before: S) => void): () => void;
}

/** A store of a state. */
export function createStore<S, R extends Reducers<S>>(initial: S, reducers: R): Store<S, R> {
  let state = initial;
  const listeners = new Set<(state: S, before: S) => void>();
  return {
    get state() {
      return state;
    },
    dispatch(name, what) {
      const before = state;
      state = reducers[name]!(before, what as never);
      if (state === before) return;
      for (const listener of listeners) listener(state, before);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
