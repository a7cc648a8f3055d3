/**
 * Undoes TIFF's horizontal differencing (predictor 2) in place, over rows of `width * samples` values.
 * Arithmetic is modulo the value's size, which typed arrays give for nothing.
 */
export function undoHorizontal(
  data: Uint8Array | Uint16Array | Uint32Array | BigUint64Array,
  rowLength: number,
  samples: number,
): void {
  if (data instanceof BigUint64Array) {
    for (let row = 0; row + rowLength <= data.length; row += rowLength) {
      for (let i = row + samples; i < row + rowLength; i++) data[i] = data[i]! + data[i - samples]!;
    }
    return;
  }
  for (let row = 0; row + rowLength <= data.length; row += rowLength) {
    if (samples === 1) {
      let sum = data[row]!;
      for (let i = row + 1; i < row + rowLength; i++) {
        sum = (sum + data[i]!) | 0;
        data[i] = sum;
      }
    } else {
      for (let i = row + samples; i < row + rowLength; i++) data[i] = data[i]! + data[i - samples]!;
    }
  }
}

/** Applies horizontal differencing in place: the inverse of {@link undoHorizontal}. */
export function applyHorizontal(
  data: Uint8Array | Uint16Array | Uint32Array | BigUint64Array,
  rowLength: number,
  samples: number,
): void {
  if (data instanceof BigUint64Array) {
    for (let row = 0; row + rowLength <= data.length; row += rowLength) {
      for (let i = row + rowLength - 1; i >= row + samples; i--) data[i] = data[i]! - data[i - samples]!;
    }
    return;
  }
  for (let row = 0; row + rowLength <= data.length; row += rowLength) {
    if (samples === 1) {
      let before = data[row]!;
      for (let i = row + 1; i < row + rowLength; i++) {
        const value = data[i]!;
        data[i] = value - before;
        before = value;
      }
    } else {
      for (let i = row + rowLength - 1; i >= row + samples; i--) data[i] = data[i]! - data[i - samples]!;
    }
  }
}

/**
 * Undoes the floating-point predictor (predictor 3, Adobe's Photoshop TIFF technical note 3): rows hold the values'
 * bytes as planes, most significant first, differenced bytewise. The result is in little-endian order.
 * @param bytes Rows of `rowLength` values of `size` bytes each.
 */
export function undoFloatingPoint(bytes: Uint8Array, rowLength: number, size: number, samples: number): Uint8Array {
  const rowBytes = rowLength * size;
  const out = new Uint8Array(bytes.length);
  for (let row = 0; row + rowBytes <= bytes.length; row += rowBytes) {
    for (let i = row + samples; i < row + rowBytes; i++) bytes[i] = bytes[i]! + bytes[i - samples]!;
    for (let plane = 0; plane < size; plane++) {
      const from = row + plane * rowLength;
      const byte = size - 1 - plane;
      for (let i = 0; i < rowLength; i++) out[row + i * size + byte] = bytes[from + i]!;
    }
  }
  return out;
}

/** Applies the floating-point predictor to little-endian values: the inverse of {@link undoFloatingPoint}. */
export function applyFloatingPoint(bytes: Uint8Array, rowLength: number, size: number, samples: number): Uint8Array {
  const rowBytes = rowLength * size;
  const out = new Uint8Array(bytes.length);
  for (let row = 0; row + rowBytes <= bytes.length; row += rowBytes) {
    for (let plane = 0; plane < size; plane++) {
      const to = row + plane * rowLength;
      const byte = size - 1 - plane;
      for (let i = 0; i < rowLength; i++) out[to + i] = bytes[row + i * size + byte]!;
    }
    for (let i = row + rowBytes - 1; i >= row + samples; i--) out[i] = out[i]! - out[i - samples]!;
  }
  return out;
}
