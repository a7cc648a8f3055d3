import 'ol/ol.css';
import { render } from 'preact';
import { registerOffline } from './offline/register-offline.js';
import { Page } from './panels/page.js';
import { createActions } from './session/actions.js';
import { AppProvider } from './session/app.js';
import { openAsked } from './session/asked-example.js';
import { openServed } from './session/served-files.js';
import { reducers } from './state/reducers.js';
import { initialState } from './state/state.js';
import { createStore } from './state/store.js';
import './style.css';
import { createClient } from './worker/client.js';
import type { EngineHandlers } from './worker/engine-worker.js';
import type { TilesHandlers } from './worker/tiles-worker.js';

const store = createStore(initialState, reducers);
const actions = createActions(store, {
  tiles: createClient<TilesHandlers>(
    () => new Worker(new URL('./worker/tiles-worker.ts', import.meta.url), { type: 'module' }),
  ),
  engine: createClient<EngineHandlers>(
    () => new Worker(new URL('./worker/engine-worker.ts', import.meta.url), { type: 'module' }),
  ),
});
render(
  <AppProvider value={{ store, actions }}>
    <Page />
  </AppProvider>,
  document.querySelector('#app')!,
);
// What `tiepoint view` serves is isolated, and gone when it ends.
const served = await openServed(actions);
if (!served) {
  // At once: where there is a service worker the page is loaded again, where there is none nothing is waited for.
  await Promise.all([registerOffline(), openAsked(actions, new URLSearchParams(location.search))]);
}
