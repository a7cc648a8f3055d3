import type { Tensor } from 'onnx-grad';

/** Features of a batch of images, and where they are. */
export interface Described {
  /** [N, C, H, W], 0 where there is no support, so that correlating them compares structure only where both sides have it. */
  readonly features: Tensor;
  /** [N, 1, H, W], 1 or 0. */
  readonly support: Tensor;
}

/** A dense description of local structure that survives a change of sensor, as a graph. */
export interface StructureFeatures {
  /** Names the features with all their settings. */
  readonly name: string;
  readonly channels: number;
  /** Pixels at the border of the input that are not yet right: the caller crops them. */
  readonly margin: number;
  /** Maps images [N, 1, H, W] and their validity [N, 1, H, W] (1 or 0) to features. */
  readonly build: (image: Tensor, valid: Tensor) => Described;
}
