export { adaptTransform } from './adapt.js';
export type { BsplineTransform } from './bspline.js';
export { composeTransforms, inverseTransformPoint, invertTransform } from './compose.js';
export { type Correspondences, rescale, subset } from './points/correspondences.js';
export { normalisedDistance, squaredDistance } from './points/normalised-distance.js';
export { mean, median, quantile, rootMeanSquare } from './points/statistics.js';
export { correlatedErrors, type CorrelatedErrors, type CorrelationOptions } from './correlated-errors.js';
export { circularError, type Covariance2, covarianceEllipse, type Ellipse } from './covariance.js';
export { TiepointError, type TiepointErrorDetails } from './error.js';
export { type Estimate, estimateTransform } from './estimate.js';
export type { EstimateOptions } from './estimate-options.js';
export { type Fit, fitTransform, predictCovariance, residualsOf } from './fit.js';
export {
  determinant,
  identityMatrix,
  invertMatrix,
  type Matrix3,
  multiplyMatrices,
  normaliseMatrix,
} from './matrix.js';
export {
  affine,
  affineFromGeotransform,
  type Geotransform,
  geotransformFromAffine,
  identity,
  projective,
  similarity,
  translation,
} from './matrix-transforms.js';
export { inverseMap, type PointMap } from './inverse-map.js';
export { minimalCount } from './model-basis.js';
export type { Plane } from './plane.js';
export { singularValues } from './plausible.js';
export type { PolynomialTransform } from './polynomial.js';
export { createRandom, type Random } from './random.js';
export { type ResampleOptions, resamplePlane } from './resample.js';
export { kernelRadius, kernelWeight, type ResamplingKernel, resamplingKernels } from './resampling-kernels.js';
export type { TpsTransform } from './thin-plate-spline.js';
export {
  applyTransform,
  isMatrixTransform,
  jacobianAt,
  type MatrixModel,
  type MatrixTransform,
  type SplineModel,
  type Transform,
  type TransformModel,
  transformModels,
  transformPoint,
} from './transform.js';
