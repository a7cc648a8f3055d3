import { adjusted } from '../panels/look-bar.js';
import { listedPoints } from '../state/point-list.js';
import type { Comparison } from '../state/state.js';
import { canMend, goToPoint, type Stage, toggleSelected } from '../map/map-stage.js';
import type { App } from './app.js';

const comparisons: readonly Comparison[] = ['swipe', 'blend', 'flicker', 'difference', 'checkerboard', 'side-by-side'];

/** Chooses the tie point some places further down the list. */
function stepPoint({ store }: App, stage: Stage | null, by: number): void {
  const { result, points } = store.state;
  if (result === null || stage === null) return;
  const listed = listedPoints(result.tiePoints, points);
  if (listed.length === 0) return;
  const at = points.selected === null ? -1 : listed.indexOf(points.selected);
  const next = at < 0 ? (by > 0 ? 0 : listed.length - 1) : (at + by + listed.length) % listed.length;
  goToPoint(stage, store, listed[next]!);
}

/** What each key does, with Ctrl or without. */
function bindings(app: App, stage: () => Stage | null): ReadonlyMap<string, () => void> {
  const { store, actions } = app;
  const toggle = (name: 'points' | 'errorMap' | 'loupe') => (): void =>
    store.dispatch('looked', { [name]: !store.state.look[name] });
  const tool = (name: 'add' | 'move' | 'mask') => (): void => {
    if (canMend(store.state)) store.dispatch('toolTaken', { tool: name });
  };
  const adjust = (steps: number) => (): void => store.dispatch('looked', adjusted(store.state.look, steps));
  return new Map<string, () => void>([
    ...comparisons.map((comparison, i): [string, () => void] => [
      String(i + 1),
      () => store.dispatch('looked', { comparison }),
    ]),
    ['[', adjust(-1)],
    [']', adjust(1)],
    ['b', () => store.dispatch('looked', { placed: store.state.look.placed === 'after' ? 'before' : 'after' })],
    ['p', toggle('points')],
    ['e', toggle('errorMap')],
    ['l', toggle('loupe')],
    ['+', () => stage()?.zoom(1)],
    ['-', () => stage()?.zoom(-1)],
    ['0', () => stage()?.fit()],
    ['j', () => stepPoint(app, stage(), 1)],
    ['k', () => stepPoint(app, stage(), -1)],
    ['x', () => toggleSelected(store)],
    ['Enter', () => stage()?.finish()],
    ['Delete', () => toggleSelected(store)],
    ['a', tool('add')],
    ['m', tool('move')],
    ['n', tool('mask')],
    ['r', () => void actions.register()],
    ['?', () => store.dispatch('helpToggled', { open: true })],
    [
      'Escape',
      () => {
        if (store.state.pending !== null) store.dispatch('pendingSet', { pending: null });
        else store.dispatch('toolTaken', { tool: 'look' });
      },
    ],
    ['Ctrl+z', () => store.dispatch('undone', {})],
    ['Ctrl+Shift+Z', () => store.dispatch('redone', {})],
    ['Ctrl+y', () => store.dispatch('redone', {})],
  ]);
}

/** Whether keys are meant for what has the focus. */
function takesKeys(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'range', 'radio'].includes(target.type);
  return (
    target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement || target.closest('dialog') !== null
  );
}

/** Lets the keyboard do what the buttons do; returns a function that ends it. */
export function bindKeyboard(app: App, stage: () => Stage | null): () => void {
  const keys = bindings(app, stage);
  const listen = (event: KeyboardEvent): void => {
    if (takesKeys(event.target) || event.altKey) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const name = ctrl ? `Ctrl+${event.shiftKey ? 'Shift+' : ''}${event.key}` : event.key;
    const run = keys.get(name);
    // Enter presses the button that has the focus.
    const presses = event.key === 'Enter' && event.target instanceof HTMLButtonElement;
    if (run === undefined || presses) return;
    event.preventDefault();
    run();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}
