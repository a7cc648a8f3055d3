/** How many pixels of a rectangle have a property: columns `x0` to `x1` and rows `y0` to `y1`, without the last. */
export type RectangleCount = (x0: number, y0: number, x1: number, y1: number) => number;

/** Counts the pixels of an image that have a property, so that those of any rectangle are known at once (Crow 1984). */
export function countInRectangles(width: number, height: number, has: (i: number) => boolean): RectangleCount {
  const sums = new Uint32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      if (has(y * width + x)) row++;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  const sum = (x: number, y: number): number => sums[y * (width + 1) + x]!;
  return (x0, y0, x1, y1) => sum(x1, y1) - sum(x0, y1) - sum(x1, y0) + sum(x0, y0);
}
