import type { Normalisation } from '../points/normalisation.js';
import type { MatrixTransform } from './matrix-transform.js';
import { affine } from './matrix-transform.js';

/** The transform target ∘ m ∘ source of an affine m between normalised coordinates, with the model's own name. */
export function denormaliseAffine(
  n: Normalisation,
  model: MatrixTransform['model'],
  [a, b, c, d, e, f]: readonly [number, number, number, number, number, number],
): MatrixTransform {
  const s = 1 / n.scale;
  const { matrix } = affine(
    a * s,
    b * s,
    c + n.targetX - s * (a * n.sourceX + b * n.sourceY),
    d * s,
    e * s,
    f + n.targetY - s * (d * n.sourceX + e * n.sourceY),
  );
  return { model, matrix };
}
