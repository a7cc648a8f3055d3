/** Pairs of points of the two images that show the same place. */
export interface Correspondences {
  /** Interleaved (x, y) in the sensed image, corner convention. */
  readonly sensed: Float64Array;
  /** Interleaved (x, y) in the reference image, corner convention. */
  readonly reference: Float64Array;
  /** Interleaved `[xx, xy, yy]` of each pair's error, px² of the reference grid. */
  readonly covariance?: Float64Array;
}
