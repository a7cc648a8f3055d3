import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { ViewerState } from '../state/state.js';
import type { ViewerStore } from '../state/viewer-store.js';
import type { Actions } from './actions.js';

/** What every part of the page is handed. */
export interface App {
  readonly store: ViewerStore;
  readonly actions: Actions;
}

const AppContext = createContext<App | null>(null);
export const AppProvider = AppContext.Provider;

/** The app around a component. */
export function useApp(): App {
  return useContext(AppContext)!;
}

/** A part of the state, kept up to date; `select` must give the same object as long as nothing in it changed. */
export function useSelected<T>(select: (state: ViewerState) => T): T {
  const { store } = useApp();
  const [value, setValue] = useState(() => select(store.state));
  useEffect(() => {
    setValue(() => select(store.state));
    return store.subscribe((state) => setValue(() => select(state)));
  }, [store]);
  return value;
}
