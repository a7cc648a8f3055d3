import type { reducers } from './reducers.js';
import type { ViewerState } from './state.js';
import type { Store } from './store.js';

/** The store of the page. */
export type ViewerStore = Store<ViewerState, typeof reducers>;
