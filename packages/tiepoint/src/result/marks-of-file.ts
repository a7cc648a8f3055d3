import type { CommonMarks } from '../inputs/common-marks.js';

/** What both files carry at the same pixels, and how many px of the reference a px of its mask is, along x and y. */
export interface MarksOfFile extends Pick<CommonMarks, 'mask' | 'width' | 'height'> {
  readonly scale: readonly [number, number];
  /** Where the mask begins, px of the reference. */
  readonly origin: readonly [number, number];
}

/** 1 where a pixel of the reference lies in a mark or its rim, else 0. */
export function markAt({ mask, width, height, scale, origin }: MarksOfFile, x: number, y: number): number {
  const [column, row] = [Math.floor((x - origin[0]) / scale[0]), Math.floor((y - origin[1]) / scale[1])];
  return column >= 0 && row >= 0 && column < width && row < height ? mask[row * width + column]! : 0;
}
