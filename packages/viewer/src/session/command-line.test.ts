import { expect, it } from 'vitest';
import type { Registration } from 'tiepoint';
import { initialState, type OpenedImage, usualChoice, type ViewerState } from '../state/state.js';
import { commandLine } from './command-line.js';

const display = { bands: [1], low: 0, high: 1, sar: null, stretch: 'middle' } as const;
function image(name: string, called: string): OpenedImage {
  const size = { format: 'GTiff', width: 10, height: 10, bands: [], overviews: 0, warnings: [] };
  const info = { ...size, name: called, georeference: null, display };
  return { status: 'open', source: { kind: 'url', name, url: `http://localhost/${name}` }, info, display };
}

const registration: Registration = {
  version: 1,
  verdict: 'accept',
  reasons: [],
  findings: [],
  confidence: 0.99,
  model: 'affine',
  sensedToReference: null,
  tiePoints: 1,
  inliers: 1,
  accuracy: null,
  seconds: 1,
  method: '',
  provenance: { tool: '', weights: null, seed: 0, inputs: [] },
  warnings: [],
  logFalseAlarms: 0,
};
const result = { registration, tiePoints: [], errorField: null, metres: null, marks: null, mendable: true };
const state: ViewerState = {
  ...initialState,
  images: {
    reference: image('optical.tif', 'https://example.org/optical.tif'),
    sensed: image('sar 1.tif', 'sar 1.tif'),
  },
  result,
};

it('names images as the command line does, and only what was chosen otherwise', () => {
  expect(commandLine(state, 'bilinear')).toBe(
    "tiepoint register https://example.org/optical.tif 'sar 1.tif' 'sar 1-registered.tif'",
  );
  const choice = { ...usualChoice, model: 'affine', band: 2, referenceBand: 3, georeference: false } as const;
  expect(commandLine({ ...state, choice }, 'cubic')).toMatch(
    / --model affine --no-georeference --band 2 --reference-band 3 -r cubic$/,
  );
  expect(commandLine(initialState, 'bilinear')).toBeNull();
});

it('warps by the solution where a person had a hand in it', () => {
  const provenance = { ...registration.provenance, tiePoints: 'set by hand in the viewer' };
  const byHand = { ...state, result: { ...result, registration: { ...registration, provenance } } };
  expect(commandLine(byHand, 'bilinear')).toBe(
    "tiepoint warp 'sar 1.tif' 'sar 1-registered.tif' --solution solution.json --reference https://example.org/optical.tif",
  );
});
