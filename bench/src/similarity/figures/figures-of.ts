import type { Engine } from '@tiepoint/matching';
import type { TrainingPair } from '@tiepoint/training';
import { type LocalisationResult, searchFields } from '../localisation/localise-sets.js';
import type { SimilarityMeasure } from '../measure.js';
import type { SetScores } from '../rows.js';
import { rocFigure } from './discrimination.js';
import type { Figure } from './figure.js';
import { byNumberFigure, byReferenceFigure } from './localisation.js';
import { ellipseFigure, normalisedErrorFigure, predictionFieldFigure } from './prediction.js';
import { profileFigure } from './profiles.js';

/** What figures are drawn from. */
export interface FigureSources {
  readonly engine: Engine;
  readonly measures: readonly SimilarityMeasure[];
  readonly scores: readonly SetScores[];
  readonly found: readonly LocalisationResult[];
  readonly sets: ReadonlyMap<string, readonly TrainingPair[]>;
  readonly seed: number;
}

/** The set of visible and infrared images, as in the paper's figure 2. */
const profileSet = 'infrared';

/** The paper's figures that the measures at hand allow: 4, 7 and 8 need one that predicts errors. */
export async function figuresOf(sources: FigureSources): Promise<readonly Figure[]> {
  const { engine, measures, scores, found, sets, seed } = sources;
  const figures: Figure[] = [rocFigure(scores)];
  const pairs = sets.get(profileSet) ?? [];
  // The last that predicts: weights of our own come after the paper's.
  const predicting = measures.findLast(({ dlsm }) => dlsm !== undefined);
  if (pairs.length > 0) {
    const ground = scores.filter(({ set }) => set === profileSet);
    const unrelated = new Map(
      ground.map(({ method, negatives }) => [method, negatives.reduce((sum, v) => sum + v / negatives.length, 0)]),
    );
    figures.push(await profileFigure(measures, pairs, unrelated, seed));
    const fields = searchFields(pairs, 1, seed).next().value;
    if (predicting?.dlsm && fields) figures.push(await predictionFieldFigure(engine, predicting.dlsm, fields));
  }
  if (found.length === 0) return figures;
  if (predicting) {
    const errors = found.filter(({ method }) => method === predicting.name).flatMap((each) => each.errors);
    figures.push(ellipseFigure(errors), normalisedErrorFigure(errors));
  }
  const localised = new Set(found.map(({ set }) => set));
  const negatives = scores.flatMap((each) =>
    each.method === 'mind' && localised.has(each.set) ? [...each.negatives] : [],
  );
  const byReference = byReferenceFigure(found, Float32Array.from(negatives));
  return [...figures, ...(byReference ? [byReference] : []), byNumberFigure(found)];
}
