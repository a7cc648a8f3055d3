import { join } from 'node:path';
import { createEngine } from '@tiepoint/matching';
import { mixSeeds } from 'onnx-grad';
import { writeFigures } from './figures/figure.js';
import { figuresOf } from './figures/figures-of.js';
import { localiseSet, type LocalisationResult } from './localisation/localise-sets.js';
import { type LocalisationRow, localisationRows } from './localisation/rows.js';
import { searchWidely, type WideSearchRow } from './localisation/wide-search.js';
import type { SimilarityMeasure } from './measure.js';
import { openMeasures } from './methods.js';
import { drawPatchPairs, loadSets, type PatchPairs } from './patch-pairs.js';
import { type SetScores, type SimilarityRow, similarityRows } from './rows.js';

/** What the command line hands over. */
export interface SimilarityBenchOptions {
  readonly data?: string | undefined;
  readonly split?: string | undefined;
  /** Pairs of the same place in each set, and as many of other ground; 1000 unless named. */
  readonly limit?: number | undefined;
  readonly methods?: readonly string[] | undefined;
  /** Folder of weights trained with `train-rivals`. */
  readonly weights?: string | undefined;
  /** Templates localised in each set whose truth is sub-pixel, besides 500 tie points of each set sought widely; 0 unless named, or 200 with `figures`. */
  readonly localise?: number | undefined;
  /** Folder for the paper's figures. */
  readonly figures?: string | undefined;
  readonly json: boolean;
}

const seed = 2000;
/** Where the truth is good to a part of a pixel. */
const subpixelSets = ['infrared', 'bands'];
/** A field has 121 patches: what takes milliseconds for each is localised only where it is asked for. */
const slowCases = new Set(['hopc']);

async function scoreSet(
  measures: readonly SimilarityMeasure[],
  set: string,
  draw: PatchPairs,
  limit: number,
  say: (text: string) => void,
): Promise<readonly SetScores[]> {
  const scores: SetScores[] = [];
  for (const measure of measures) {
    const begun = performance.now();
    scores.push({
      method: measure.name,
      set,
      positives: await measure.score(draw.positives, limit),
      shifted: await measure.score(draw.shifted, limit),
      negatives: await measure.score(draw.negatives, limit),
    });
    say(`${set} ${measure.name}: ${((3000 * limit) / (performance.now() - begun)).toFixed(0)} pairs/s`);
  }
  return scores;
}

/** Each method's sets together, methods as they are met. */
function byMethod<T extends { readonly method: string }>(all: readonly T[]): readonly T[] {
  return [...new Set(all.map(({ method }) => method))].flatMap((name) => all.filter(({ method }) => method === name));
}

/**
 * Scores the same patch pairs of each set with every measure (Uss 2020, table 1), localises templates with them and draws the
 * paper's figures.
 */
export async function runSimilarityBench(
  options: SimilarityBenchOptions,
): Promise<readonly (SimilarityRow | LocalisationRow | WideSearchRow)[]> {
  const { data = '../shared/data', limit = 1000, methods, weights, figures } = options;
  const templates = options.localise ?? (figures === undefined ? 0 : 200);
  const say = (text: string): void => void (options.json || console.error(text));
  await using engine = createEngine({ threads: 2 });
  const context = { engine, peers: join(data, '../peers'), weights };
  const measures = await openMeasures(methods, context);
  const sets = await loadSets(data, options.split === 'train' ? 'train' : 'val');
  const scores: SetScores[] = [];
  const found: LocalisationResult[] = [];
  const searched: WideSearchRow[] = [];
  for (const [index, [set, pairs]] of [...sets].entries()) {
    if (pairs.length === 0) continue;
    const setSeed = mixSeeds(seed, index);
    scores.push(...(await scoreSet(measures, set, drawPatchPairs(pairs, limit, setSeed), limit, say)));
    if (templates === 0) continue;
    const own = measures.find(({ name }) => name === 'tiepoint')?.dlsm;
    if (own !== undefined) searched.push(await searchWidely(engine, 'tiepoint', own, set, pairs));
    if (!subpixelSets.includes(set)) continue;
    const localising = measures.filter(({ name }) => !slowCases.has(name) || methods?.includes(name));
    say(`${set}: localising ${templates} templates with ${localising.map(({ name }) => name).join(', ')}`);
    found.push(...(await localiseSet(localising, set, pairs, templates, setSeed)));
  }
  if (figures !== undefined) {
    const own = found.filter(({ method }) => measures.some(({ name }) => name === method));
    await writeFigures(figures, await figuresOf({ engine, measures, scores, found: own, sets, seed }));
  }
  return [...similarityRows(scores, seed), ...localisationRows(byMethod(found)), ...searched];
}
