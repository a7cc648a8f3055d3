export type { BsplineTransform } from './models/bspline.js';
export { inverseTransformPoint } from './models/inverse-point.js';
export { type Correspondences, rescale, subset } from './points/correspondences.js';
export { normalisedDistance, squaredDistance } from './points/normalised-distance.js';
export { mean, median, quantile, rootMeanSquare } from './points/statistics.js';
export { correlatedErrors, type CorrelatedErrors, type CorrelationOptions } from './estimation/correlated-errors.js';
export { circularError, type Covariance2, covarianceEllipse, type Ellipse } from './points/covariance.js';
export { TiepointError, type TiepointErrorDetails } from './error.js';
export { type Estimate, estimateTransform } from './estimation/estimate.js';
export type { EstimateOptions } from './estimation/estimate-options.js';
export { type Fit, fitTransform, residualsOf, type Smoothing } from './estimation/fit.js';
export { jointCovariance } from './estimation/joint-covariance.js';
export { leaveOutResiduals, type LeaveOutOptions } from './estimation/leave-out.js';
export { errorPredictor, predictCovariance } from './estimation/predicted-error.js';
export {
  determinant,
  identityMatrix,
  invertMatrix,
  type Matrix3,
  multiplyMatrices,
  normaliseMatrix,
} from './linear/matrix.js';
export {
  affine,
  composeTransforms,
  identity,
  invertTransform,
  type MatrixModel,
  type MatrixTransform,
  projective,
  similarity,
  translation,
} from './models/matrix-transform.js';
export { adjustNetwork, type EdgeCheck, type NetworkEdge, type NetworkSolution } from './network/adjust-network.js';
export { chiSquareLimit } from './network/chi-square.js';
export { connectedNodes, isBridge } from './network/connected.js';
export { affineFromGeotransform, type Geotransform, geotransformFromAffine } from './plane/geotransform.js';
export { inverseMap, type PointMap } from './plane/inverse-map.js';
export type { Plane } from './plane/plane.js';
export { singularValues } from './estimation/plausible.js';
export type { AxisPenalty, AxisTerms, Model, ModelBasis } from './models/model.js';
export type { PolynomialTransform } from './models/polynomial.js';
export { createRandom, type Random } from './random.js';
export { type ResampleOptions, resamplePlane } from './plane/resample.js';
export { kernelRadius, kernelWeight, type ResamplingKernel, resamplingKernels } from './plane/resampling-kernels.js';
export { splineThrough } from './models/spline-through.js';
export type { TpsTransform } from './models/thin-plate-spline.js';
export {
  adaptTransform,
  applyTransform,
  isMatrixTransform,
  jacobianAt,
  minimalCount,
  modelOf,
  parametersOf,
  type Transform,
  type TransformModel,
  transformModels,
  transformPoint,
} from './models/transform.js';
