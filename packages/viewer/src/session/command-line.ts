import { isUnedited, shellWord } from 'tiepoint';
import { usualChoice, type ViewerState, openPair } from '../state/state.js';

/** What the warped image is called. */
export function registeredName(sensed: string): string {
  const file = sensed.split(/[/\\]/).pop() ?? sensed;
  return `${file.replace(/\.[^.]+$/, '')}-registered.tif`;
}

/**
 * The command that gives the same as the page: it registers again, as the same input and seed give the same answer; or, as edits and points
 * by hand are nothing that it could find, warps by the solution with them. Null where there is no result.
 */
export function commandLine(state: ViewerState, resampling: string): string | null {
  const pair = openPair(state);
  const { result, choice, edits } = state;
  const byHand = result?.registration.provenance.tiePoints !== undefined;
  if (pair === null || result === null) return null;
  const [reference, sensed] = [pair.reference.info.name, pair.sensed.info.name];
  const output = registeredName(pair.sensed.source.name);
  const warping = resampling === 'bilinear' ? [] : ['-r', resampling];
  if (!isUnedited(edits.present) || !result.mendable || byHand) {
    const by = ['--solution', 'solution.json', '--reference', reference];
    return ['tiepoint', 'warp', sensed, output, ...by, ...warping].map(shellWord).join(' ');
  }
  const { method, model, searchRadius, georeference, band, referenceBand } = choice;
  const options = [
    ...(method === usualChoice.method ? [] : ['--method', method]),
    ...(model === usualChoice.model ? [] : ['--model', model]),
    ...(searchRadius === usualChoice.searchRadius ? [] : ['--search-radius', String(searchRadius)]),
    ...(georeference ? [] : ['--no-georeference']),
    ...(band === null ? [] : ['--band', String(band)]),
    ...(referenceBand === null ? [] : ['--reference-band', String(referenceBand)]),
    ...warping,
  ];
  return ['tiepoint', 'register', reference, sensed, output, ...options].map(shellWord).join(' ');
}
