/** One line of the scale bench. */
export interface ScaleRow {
  /** Side of both images, px. */
  readonly side: number;
  readonly task: 'register' | 'register and warp';
  /** Of the whole program, with its start. */
  readonly seconds: number;
  readonly peakMB: number;
  /** How far the answer lies from the truth, px at full resolution. */
  readonly errorPx: number;
}
