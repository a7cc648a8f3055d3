/**
 * The mask that GDAL appends to a JPEG (`INTERNAL_MASK`): after the image's end a deflated row-major list of bits, the
 * lowest bit first, then the image's size as four bytes. 1 is valid; null where there is none.
 */
export async function jpegMask(bytes: Uint8Array, width: number, height: number): Promise<Uint8Array | null> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) return null;
  const end = view.getUint32(bytes.length - 4, true);
  if (end < 4 || end > bytes.length - 8 || view.getUint16(end - 2) !== endOfImage) return null;
  const due = Math.ceil((width * height) / 8);
  const bits = new Uint8Array(due);
  // No more than is due is unpacked, whatever the data hold.
  const stream = new Blob([new Uint8Array(bytes.subarray(end, bytes.length - 4))])
    .stream()
    .pipeThrough(new DecompressionStream('deflate'))
    .getReader();
  let at = 0;
  try {
    while (at < due) {
      const { done, value } = await stream.read();
      if (done) return null;
      const part = value.subarray(0, due - at);
      bits.set(part, at);
      at += part.length;
    }
  } catch {
    return null;
  } finally {
    await stream.cancel().catch(() => {});
  }
  return Uint8Array.from({ length: width * height }, (_, i) => (bits[i >> 3]! >> (i & 7)) & 1);
}

const endOfImage = 0xffd9;
