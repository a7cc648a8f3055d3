/** An image of 24 bits a pixel as a `data:` URI (BMP, which needs no compressor). `pixels` are red, green, blue from the top left. */
export function bitmapToDataUri(width: number, height: number, pixels: Uint8Array): string {
  const stride = Math.ceil((3 * width) / 4) * 4;
  const header = 54;
  const bytes = new Uint8Array(header + stride * height);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x4d42, true);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, header, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  // A negative height means rows from top to bottom.
  view.setInt32(22, -height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * (y * width + x);
      const to = header + y * stride + 3 * x;
      bytes[to] = pixels[from + 2]!;
      bytes[to + 1] = pixels[from + 1]!;
      bytes[to + 2] = pixels[from]!;
    }
  }
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `data:image/bmp;base64,${btoa(text)}`;
}
