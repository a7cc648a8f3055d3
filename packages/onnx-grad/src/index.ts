export { OnnxGradError, type OnnxGradErrorDetails } from './error.js';
export { type ArrayOfDType, type DType, type TensorData, type TypedArrayOf } from './dtype.js';
export {
  type AnyTensor,
  type Attribute,
  type GradientRule,
  type GraphNode,
  type NodeRequest,
  type SimpleGradientRule,
  type Operand,
  type Shape,
  type Tensor,
  byteSizeOf,
  constant,
  input,
  node,
  nodeWithOutputs,
  sizeOf,
} from './tensor.js';
export { gradient, stopGradient, vectorJacobian } from './gradient.js';
export { type Pair } from './shape.js';
export { add, div, maximum, minimum, mul, pow, sub } from './operations/arithmetic.js';
export {
  abs,
  atan,
  clip,
  cos,
  erf,
  exp,
  floor,
  gelu,
  leakyRelu,
  log,
  neg,
  relu,
  round,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  tanh,
} from './operations/elementwise.js';
export {
  and,
  cast,
  equal,
  greater,
  greaterOrEqual,
  isNaN,
  less,
  lessOrEqual,
  not,
  or,
  where,
} from './operations/comparison.js';
export {
  type ReductionOptions,
  argMax,
  cumsum,
  logSoftmax,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceSum,
  softmax,
} from './operations/reduction.js';
export {
  type PadMode,
  type PadOptions,
  type SliceOptions,
  broadcastTo,
  concat,
  expandDims,
  pad,
  reshape,
  slice,
  squeeze,
  stack,
  transpose,
} from './operations/movement.js';
export { type Indices, gather, gatherElements, scatterElements, scatterRows, topK } from './operations/selection.js';
export { einsum, matmul } from './operations/matmul.js';
export {
  type ConvOptions,
  type ConvTransposeOptions,
  type Padding,
  type WindowOptions,
  conv2d,
  convTranspose2d,
} from './operations/convolution.js';
export { type DeformConvOptions, deformConv2d } from './operations/deformable-convolution.js';
export { type PoolOptions, avgPool2d, maxPool2d } from './operations/pooling.js';
export { type GridSampleOptions, type ResizeOptions, gridSample, identityGrid, resize } from './operations/sampling.js';
export { type Complex, complexMul, conjugate, fft2, irfft2, rfft2 } from './operations/fourier.js';
export { type BuildOptions, type Model, type NamedTensors, type ValueInfo, buildModel } from './model.js';
export { type OutputsOf, type Session, type SessionOptions, createSession } from './session.js';
export { type Backend } from './runtime.js';
export {
  type BatchStatistics,
  type NormalizationOptions,
  batchNormalize,
  batchNormalizeTraining,
  groupNormalize,
  l2Normalize,
  layerNormalize,
} from './operations/normalization.js';
export { attention } from './operations/attention.js';
export {
  type LossOptions,
  binaryCrossEntropy,
  bivariateGaussianLoss,
  crossEntropy,
  hingeLoss,
  huberLoss,
  meanSquaredError,
  tripletMarginLoss,
  tripletRatioLoss,
} from './losses.js';
export {
  type AffineParameters,
  type AttentionParameters,
  type BatchNormParameters,
  type ConvSizes,
  type Mode,
  type NormParameters,
  attentionParameters,
  batchNorm,
  batchNormParameters,
  conv,
  convParameters,
  convTranspose,
  convTransposeParameters,
  dense,
  denseParameters,
  foldBatchNorm,
  groupNorm,
  inference,
  layerNorm,
  multiHeadAttention,
  normParameters,
} from './layers.js';
export {
  type Parameter,
  type ParameterTree,
  type ReplaceOptions,
  type TensorsOf,
  countParameters,
  filledParameter,
  namedParameters,
  normalParameter,
  parameterConstants,
  parameterInputs,
  replaceParameters,
  uniformParameter,
} from './parameters.js';
export { type Random, type RandomState, createRandom, mixSeeds } from './random.js';
export {
  type AdamOptions,
  type Optimizer,
  type SgdOptions,
  type UpdateInputs,
  adam,
  adamW,
  sgd,
} from './optimizers.js';
export { type Schedule, constantSchedule, cosineSchedule, oneCycleSchedule, withWarmUp } from './schedules.js';
export {
  type StoredTensor,
  type StoredTensors,
  decodeSafetensors,
  encodeSafetensors,
  floatTensors,
} from './safetensors.js';
export { type LossResult, type TrainingProgram } from './training-graph.js';
export { type BatchData, type StepReport, type Trainer, type TrainerState, createTrainer } from './trainer.js';
export { fromHalf, toHalf } from './half.js';
export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';
export { type TrainOptions, type TrainingProgress, type TrainingRecord, train } from './train.js';
export { countMultiplyAdds, describeGraph } from './introspection.js';
