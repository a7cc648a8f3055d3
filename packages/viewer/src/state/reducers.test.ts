import { describe, expect, it } from 'vitest';
import type { HandTiePoint, Registration, TiePoint } from 'tiepoint';
import type { ShownResult } from '../worker/engine-worker.js';
import type { ImageInfo } from '../worker/image-info.js';
import { listedPoints } from './point-list.js';
import { reducers } from './reducers.js';
import { initialState, openPair, type ViewerState } from './state.js';
import { createStore } from './store.js';

const source = { kind: 'url', name: 'a.tif', url: 'http://localhost/a.tif' } as const;
const info: ImageInfo = {
  name: 'a.tif',
  format: 'GTiff',
  width: 100,
  height: 80,
  bands: [],
  georeference: null,
  overviews: 0,
  warnings: [],
  display: { bands: [1], low: 0, high: 255, sar: null, stretch: 'middle' },
};

const point = (residual: number, more: Partial<TiePoint> = {}): TiePoint => ({
  sensed: [1, 1],
  reference: [2, 2],
  covariance: [0.1, 0, 0.1],
  score: 0.5,
  inlier: residual < 3,
  residual,
  ...more,
});

const registration: Registration = {
  version: 1,
  verdict: 'accept',
  reasons: [],
  findings: [],
  confidence: 0.99,
  model: 'affine',
  sensedToReference: null,
  tiePoints: 4,
  inliers: 3,
  accuracy: null,
  seconds: 1,
  method: 'grid',
  provenance: { tool: 'tiepoint', weights: null, seed: 0, inputs: [] },
  warnings: [],
  logFalseAlarms: -40,
};
const result: ShownResult = {
  registration,
  tiePoints: [point(0.5), point(4), point(1), point(0.2)],
  errorField: null,
  metres: null,
  marks: null,
  mendable: true,
};
const hand: HandTiePoint = { sensed: [5, 5], reference: [6, 6], covariance: [1, 0, 1], by: 'hand' };

type PageStore = ReturnType<typeof createStore<ViewerState, typeof reducers>>;

/** A page with two images open and a registration. */
function registered(): PageStore {
  const store = createStore<ViewerState, typeof reducers>(initialState, reducers);
  for (const role of ['reference', 'sensed'] as const) {
    store.dispatch('imageOpening', { role, source });
    store.dispatch('imageOpened', { role, info });
  }
  store.dispatch('runStarted', { at: 1 });
  store.dispatch('found', { result });
  return store;
}

describe('the state of the page', () => {
  it('is data, and tells who listens of changes only', () => {
    const store = registered();
    expect(structuredClone(store.state)).toEqual(store.state);
    let told = 0;
    const stop = store.subscribe(() => told++);
    store.dispatch('pointsLooked', { hovered: null });
    expect(told).toBe(0);
    store.dispatch('looked', { swipe: 0.2 });
    stop();
    store.dispatch('looked', { swipe: 0.3 });
    expect(told).toBe(1);
  });

  it('forgets a registration when an image is replaced, and an image that was closed meanwhile', () => {
    const store = registered();
    expect(openPair(store.state)).not.toBeNull();
    store.dispatch('imageOpening', { role: 'sensed', source });
    expect([store.state.result, openPair(store.state)]).toEqual([null, null]);
    store.dispatch('imageClosed', { role: 'sensed' });
    store.dispatch('imageOpened', { role: 'sensed', info });
    expect(store.state.images.sensed.status).toBe('none');
    const failure = { code: 'file-corrupt', message: 'broken', hint: 'fetch it again' };
    store.dispatch('imageOpening', { role: 'sensed', source });
    store.dispatch('imageFailed', { role: 'sensed', failure });
    expect(store.state.images.sensed).toMatchObject({ status: 'failed', failure });
  });

  it('switches tie points off and on, several at once, and takes back those set by hand', () => {
    const store = registered();
    const off = (): readonly number[] => store.state.edits.present.off;
    store.dispatch('pointsToggled', { indices: [1] });
    expect([off(), store.state.refitting]).toEqual([[1], true]);
    store.dispatch('pointsToggled', { indices: [0, 1] });
    expect(off()).toEqual([0, 1]);
    store.dispatch('pointsToggled', { indices: [0, 1] });
    expect(off()).toEqual([]);
    store.dispatch('pointSet', { point: hand, replaces: null });
    expect(store.state.points.selected).toBe(4);
    store.dispatch('pointsToggled', { indices: [4] });
    expect([store.state.edits.present.added, store.state.points.selected]).toEqual([[], null]);
  });

  it('moves a tie point by switching it off and setting another, and one set by hand in place', () => {
    const store = registered();
    store.dispatch('pointSet', { point: hand, replaces: 2 });
    expect(store.state.edits.present).toMatchObject({ off: [2], added: [hand] });
    const moved = { ...hand, reference: [9, 9] } as const;
    store.dispatch('pointSet', { point: moved, replaces: 4 });
    expect(store.state.edits.present).toMatchObject({ off: [2], added: [moved] });
  });

  it('undoes and does again, and forgets what was undone when something else is done', () => {
    const store = registered();
    const first = store.state.edits.present;
    store.dispatch('pointsToggled', { indices: [0] });
    store.dispatch('modelFixed', { model: 'similarity' });
    store.dispatch('undone', undefined);
    expect(store.state.edits.present).toMatchObject({ off: [0] });
    expect(store.state.edits.present.model).toBeUndefined();
    store.dispatch('redone', undefined);
    expect(store.state.edits.present.model).toBe('similarity');
    for (let i = 0; i < 5; i++) store.dispatch('undone', undefined);
    expect(store.state.edits.present).toBe(first);
    store.dispatch('pointsToggled', { indices: [3] });
    store.dispatch('redone', undefined);
    expect(store.state.edits.present.off).toEqual([3]);
  });

  it('takes a fit for that of the edits it was made with only', () => {
    const store = registered();
    store.dispatch('pointsToggled', { indices: [0] });
    const edits = store.state.edits.present;
    store.dispatch('pointsToggled', { indices: [1] });
    const late = { ...result, tiePoints: [] };
    store.dispatch('refitted', { result: late, edits });
    expect([store.state.result, store.state.refitting]).toEqual([result, true]);
    store.dispatch('refitted', { result: late, edits: store.state.edits.present });
    expect([store.state.result, store.state.refitting]).toEqual([late, false]);
  });

  it('leaves a registration from a file as it is', () => {
    const store = registered();
    store.dispatch('found', { result: { ...result, mendable: false } });
    store.dispatch('pointsToggled', { indices: [0] });
    expect([store.state.edits.present.off, store.state.refitting]).toEqual([[], false]);
  });
});

describe('the list of tie points', () => {
  const look = { sort: 'number', descending: false, filter: 'all', least: 0 } as const;
  const points = [...result.tiePoints, point(9, { off: true, inlier: false }), point(0.1, { by: 'snapping' })];

  it('sorts by a column, either way', () => {
    expect(listedPoints(points, { ...look, sort: 'residual' })).toEqual([5, 3, 0, 2, 1, 4]);
    expect(listedPoints(points, { ...look, sort: 'residual', descending: true })).toEqual([4, 1, 2, 0, 3, 5]);
    expect(listedPoints(points, { ...look, sort: 'kind' })).toEqual([0, 2, 3, 1, 4, 5]);
  });

  it('filters by what they are and by residual', () => {
    expect(listedPoints(points, { ...look, filter: 'disagreeing' })).toEqual([1]);
    expect(listedPoints(points, { ...look, filter: 'off' })).toEqual([4]);
    expect(listedPoints(points, { ...look, filter: 'hand' })).toEqual([5]);
    expect(listedPoints(points, { ...look, filter: 'agreeing', least: 0.3 })).toEqual([0, 2]);
  });

  it('sorts the other way round when a column is chosen twice', () => {
    const store = registered();
    store.dispatch('sorted', { column: 'residual' });
    expect(store.state.points).toMatchObject({ sort: 'residual', descending: true });
    store.dispatch('sorted', { column: 'residual' });
    expect(store.state.points.descending).toBe(false);
  });
});
