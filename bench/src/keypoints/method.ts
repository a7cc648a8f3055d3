import type { Plane } from '@tiepoint/geometry';
import type { MatchedPoints } from './metrics.js';

/** What a method predicts of a pair: all that the metrics need, so that they can be computed again without it. */
export interface Prediction {
  /** Of both images, not matched to each other, x, y, …: as many as were asked for, or fewer. */
  readonly keypoints: MatchedPoints;
  /** Points the indices below mean, where they are not the keypoints. */
  readonly described?: MatchedPoints;
  /**
   * The sensed points were looked for, one for each keypoint of the reference, and are not among the sensed image's keypoints: any
   * keypoint on common ground could have been found.
   */
  readonly guided?: boolean;
  /** For each reference keypoint, its nearest in the sensed image, −1 for none. */
  readonly partner: Int32Array;
  /** How sure; larger is surer. */
  readonly score: Float32Array;
  /** For each sensed keypoint, its nearest in the reference, −1 for none. */
  readonly back: Int32Array;
  readonly seconds: number;
}

/** A way to detect and match keypoints. */
export interface KeypointMethod {
  readonly name: string;
  /** Names the weights where there are any, and what else predictions depend on: those of others are not its own. */
  readonly version?: string;
  /** @param count - keypoints of each image at most */
  predict(reference: Plane, sensed: Plane, count: number): Promise<Prediction>;
  close(): Promise<void>;
}

/** Makes a method, or says why it cannot run here. */
export type KeypointMethodFactory = (options: {
  /** Folder of weights of published networks. */
  readonly peers: string;
  /** Folder of our own weights. */
  readonly weights?: string | undefined;
}) => Promise<KeypointMethod | { readonly absent: string }>;
