/** The mean over the square of 2·half + 1 px around each pixel, as far as it is inside: by running sums, whatever its size. */
export function boxMean(data: Float32Array, width: number, height: number, half: number): Float32Array {
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  }
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - half), Math.min(height, y + half + 1)];
    const [above, below] = [top * stride, bottom * stride];
    for (let x = 0; x < width; x++) {
      const left = x > half ? x - half : 0;
      const right = x + half < width ? x + half + 1 : width;
      const sum = sums[below + right]! - sums[above + right]! - sums[below + left]! + sums[above + left]!;
      out[y * width + x] = sum / ((right - left) * (bottom - top));
    }
  }
  return out;
}
