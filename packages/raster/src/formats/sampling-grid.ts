/** A target grid over a level: target pixel i covers [left + i·stepX, left + (i + 1)·stepX). */
export interface SamplingGrid {
  readonly left: number;
  readonly top: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly width: number;
  readonly height: number;
}
