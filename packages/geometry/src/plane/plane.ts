/**
 * One band of an image in memory: row-major float samples, and which of them are valid.
 * Sample (column, row) covers pixel coordinates [column, column + 1) × [row, row + 1): its centre is (column + 0.5, row + 0.5).
 */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** `width * height` samples. Where the mask says invalid the value means nothing (but is finite). */
  readonly data: Float32Array;
  /** `width * height` bytes, 1 = valid; absent when every sample is valid. */
  readonly mask?: Uint8Array;
}
