/** The mean over the square of 2·half + 1 px around each pixel, as far as it is inside: by running sums, whatever its size. */
export function boxMean(data: Float32Array, width: number, height: number, half: number): Float32Array {
  const out = new Float32Array(width * height);
  // Sums of each column over the rows of the square.
  const columns = new Float64Array(width);
  const addRow = (y: number): void => {
    for (let x = 0; x < width; x++) columns[x]! += data[y * width + x]!;
  };
  const takeRow = (y: number): void => {
    for (let x = 0; x < width; x++) columns[x]! -= data[y * width + x]!;
  };
  for (let y = 0; y < Math.min(half, height); y++) addRow(y);
  for (let y = 0; y < height; y++) {
    if (y + half < height) addRow(y + half);
    if (y > half) takeRow(y - half - 1);
    const rows = Math.min(height, y + half + 1) - Math.max(0, y - half);
    let sum = 0;
    for (let x = 0; x < Math.min(half, width); x++) sum += columns[x]!;
    for (let x = 0; x < width; x++) {
      if (x + half < width) sum += columns[x + half]!;
      if (x > half) sum -= columns[x - half - 1]!;
      out[y * width + x] = sum / ((Math.min(width, x + half + 1) - Math.max(0, x - half)) * rows);
    }
  }
  return out;
}
