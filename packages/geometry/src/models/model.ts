import { affine, projective, translation } from './matrix-transforms.js';
import { multiplyMatrices } from './matrix.js';
import type { Normalisation } from './normalisation.js';
import { polynomialTermCount, polynomialTerms } from './polynomial.js';
import type { MatrixTransform, SplineModel, Transform, TransformModel } from './transform.js';

/**
 * A model seen by least squares, on normalised coordinates: how the mapped point depends on the parameters.
 * All but the projective model are linear in them.
 */
export interface ModelBasis {
  readonly parameterCount: number;
  readonly linear: boolean;
  /**
   * Predicts the target (relative to the normalisation's target centre) at (u, v) to `out`, and writes
   * its derivatives by the parameters to `rowX` and `rowY`.
   */
  predict(
    parameters: Float64Array,
    u: number,
    v: number,
    out: Float64Array,
    rowX: Float64Array,
    rowY: Float64Array,
  ): void;
  /** The quadratic penalty on the parameters (row-major, symmetric) and its rank, where the model has one. */
  readonly penalty?: { readonly matrix: Float64Array; readonly rank: number };
  /** The transform between the real coordinates that the parameters stand for. */
  toTransform(parameters: Float64Array): Transform;
}

/** How many correspondences determine the model at the least. */
export function minimalCount(model: TransformModel): number {
  switch (model) {
    case 'translation':
      return 1;
    case 'similarity':
      return 2;
    case 'affine':
      return 3;
    case 'projective':
      return 4;
    case 'polynomial2':
      return 6;
    case 'polynomial3':
      return 10;
    case 'tps':
    case 'bspline':
      return 4;
  }
}

/** The transform target ∘ m ∘ source of an affine m between normalised coordinates, with the model's own name. */
function denormaliseAffine(
  n: Normalisation,
  model: 'similarity' | 'affine',
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

function translationBasis(n: Normalisation): ModelBasis {
  return {
    parameterCount: 2,
    linear: true,
    predict(p, u, v, out, rowX, rowY) {
      out[0] = n.scale * u + p[0]!;
      out[1] = n.scale * v + p[1]!;
      rowX[0] = 1;
      rowX[1] = 0;
      rowY[0] = 0;
      rowY[1] = 1;
    },
    toTransform: (p) => translation(n.targetX - n.sourceX + p[0]!, n.targetY - n.sourceY + p[1]!),
  };
}

function similarityBasis(n: Normalisation): ModelBasis {
  return {
    parameterCount: 4,
    linear: true,
    predict(p, u, v, out, rowX, rowY) {
      out[0] = p[0]! * u - p[1]! * v + p[2]!;
      out[1] = p[1]! * u + p[0]! * v + p[3]!;
      rowX[0] = u;
      rowX[1] = -v;
      rowX[2] = 1;
      rowX[3] = 0;
      rowY[0] = v;
      rowY[1] = u;
      rowY[2] = 0;
      rowY[3] = 1;
    },
    toTransform: (p) => denormaliseAffine(n, 'similarity', [p[0]!, -p[1]!, p[2]!, p[1]!, p[0]!, p[3]!]),
  };
}

function affineBasis(n: Normalisation): ModelBasis {
  return {
    parameterCount: 6,
    linear: true,
    predict(p, u, v, out, rowX, rowY) {
      out[0] = p[0]! * u + p[1]! * v + p[2]!;
      out[1] = p[3]! * u + p[4]! * v + p[5]!;
      rowX.fill(0);
      rowY.fill(0);
      rowX[0] = rowY[3] = u;
      rowX[1] = rowY[4] = v;
      rowX[2] = rowY[5] = 1;
    },
    toTransform: (p) => denormaliseAffine(n, 'affine', [p[0]!, p[1]!, p[2]!, p[3]!, p[4]!, p[5]!]),
  };
}

function projectiveBasis(n: Normalisation): ModelBasis {
  return {
    parameterCount: 8,
    linear: false,
    predict(p, u, v, out, rowX, rowY) {
      const w = 1 / (p[6]! * u + p[7]! * v + 1);
      const X = (p[0]! * u + p[1]! * v + p[2]!) * w;
      const Y = (p[3]! * u + p[4]! * v + p[5]!) * w;
      out[0] = X;
      out[1] = Y;
      rowX.fill(0);
      rowY.fill(0);
      rowX[0] = rowY[3] = u * w;
      rowX[1] = rowY[4] = v * w;
      rowX[2] = rowY[5] = w;
      rowX[6] = -X * u * w;
      rowX[7] = -X * v * w;
      rowY[6] = -Y * u * w;
      rowY[7] = -Y * v * w;
    },
    toTransform(p) {
      const s = 1 / n.scale;
      return projective(
        multiplyMatrices(
          [1, 0, n.targetX, 0, 1, n.targetY, 0, 0, 1],
          multiplyMatrices(
            [p[0]!, p[1]!, p[2]!, p[3]!, p[4]!, p[5]!, p[6]!, p[7]!, 1],
            [s, 0, -n.sourceX * s, 0, s, -n.sourceY * s, 0, 0, 1],
          ),
        ),
      );
    },
  };
}

function polynomialBasis(n: Normalisation, model: 'polynomial2' | 'polynomial3'): ModelBasis {
  const terms = polynomialTermCount(model);
  return {
    parameterCount: 2 * terms,
    linear: true,
    predict(p, u, v, out, rowX, rowY) {
      rowX.fill(0);
      rowY.fill(0);
      polynomialTerms(u, v, terms, rowX);
      polynomialTerms(u, v, terms, rowY, terms);
      let X = 0;
      let Y = 0;
      for (let k = 0; k < terms; k++) {
        X += p[k]! * rowX[k]!;
        Y += p[terms + k]! * rowX[k]!;
      }
      out[0] = X;
      out[1] = Y;
    },
    toTransform(p) {
      const coefficientsX = Array.from(p.subarray(0, terms));
      const coefficientsY = Array.from(p.subarray(terms));
      coefficientsX[0]! += n.targetX;
      coefficientsY[0]! += n.targetY;
      return { model, origin: [n.sourceX, n.sourceY], scale: n.scale, coefficientsX, coefficientsY };
    },
  };
}

/** The basis of the models of a fixed number of parameters; that of splines depends on where the points lie. */
export function modelBasis(model: Exclude<TransformModel, SplineModel>, n: Normalisation): ModelBasis {
  switch (model) {
    case 'translation':
      return translationBasis(n);
    case 'similarity':
      return similarityBasis(n);
    case 'affine':
      return affineBasis(n);
    case 'projective':
      return projectiveBasis(n);
    case 'polynomial2':
    case 'polynomial3':
      return polynomialBasis(n, model);
  }
}
