import { basename } from 'node:path';
import { formatNumber } from '../report/html.js';
import type { Registration } from '../result/registration.js';
import type { SeriesRegistration } from '../series/register-series.js';
import type { PairOutcome } from '../series/solve-network.js';
import type { Verdict } from '../verdict/judge.js';
import { textTable } from './text-table.js';

/** Refused only where every image was: the others are written, with a warning. */
export function verdictOfAll(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.every((verdict) => verdict === 'accept')) return 'accept';
  return verdicts.every((verdict) => verdict === 'refuse') ? 'refuse' : 'warn';
}

const stateWords: Readonly<Record<PairOutcome['state'], string>> = {
  used: 'used',
  'left-out': 'LEFT OUT',
  'in-doubt': 'IN DOUBT',
  refused: 'refused',
};

function imageRow({ verdict, network }: Registration, path: string): readonly [string, string] {
  if (network === undefined) return [basename(path), verdict];
  const { pairs, ce90, ce90Metres } = network;
  const metres = ce90Metres === undefined ? '' : ` (${formatNumber(ce90Metres)} m)`;
  return [basename(path), `${verdict}, ${pairs} pairs, CE90 ${formatNumber(ce90)} px${metres} on the reference`];
}

function pairRow({ pair, state, check }: PairOutcome, paths: readonly string[]): readonly [string, string] {
  const name = `${basename(paths[pair.sensed]!)} to ${basename(paths[pair.reference]!)}`;
  if (check === null) return [name, `${stateWords[state]}${state === 'used' ? ', no loop checks it' : ''}`];
  const { misclosure, expected } = check;
  return [
    name,
    `${stateWords[state]}, ${formatNumber(misclosure)} px from the others, ${formatNumber(expected)} px expected`,
  ];
}

/** A series in words: a line an image, then a line a pair. @param paths - the reference first */
export function summariseSeries({ images, network }: SeriesRegistration, paths: readonly string[]): string {
  return textTable([
    ...images.map((image, i) => imageRow(image, paths[i + 1]!)),
    ...network.pairs.map((outcome) => pairRow(outcome, paths)),
  ]);
}

/** The document of a series for programs. @param paths - the reference first */
export function seriesDocument({ images, network }: SeriesRegistration, paths: readonly string[]): object {
  const { degreesOfFreedom, varianceFactor } = network;
  return {
    version: 1,
    verdict: verdictOfAll(images.map(({ verdict }) => verdict)),
    network: { degreesOfFreedom, varianceFactor: degreesOfFreedom > 0 ? varianceFactor : null },
    pairs: network.pairs.map(({ pair, state, check }) => ({
      sensed: paths[pair.sensed],
      reference: paths[pair.reference],
      state,
      verdict: pair.registration?.verdict ?? 'refuse',
      ...(pair.failure === null ? {} : { failure: pair.failure }),
      ...check,
    })),
    images,
  };
}
