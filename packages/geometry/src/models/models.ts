import { affineModel } from './affine.js';
import { bsplineModel } from './bspline.js';
import { polynomial2Model, polynomial3Model } from './polynomial.js';
import { projectiveModel } from './projective.js';
import { similarityModel } from './similarity.js';
import { tpsModel } from './thin-plate-spline.js';
import { translationModel } from './translation.js';

/** Every model, simplest first: the one list that all goes by. */
export const models = [
  translationModel,
  similarityModel,
  affineModel,
  projectiveModel,
  polynomial2Model,
  polynomial3Model,
  tpsModel,
  bsplineModel,
] as const;
