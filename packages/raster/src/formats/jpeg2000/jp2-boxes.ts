import { type ByteSource, readExactly } from '../../source/byte-source.js';

/** A box of a JP2 file. */
export interface Jp2Box {
  readonly type: string;
  /** Where its content begins, and how long that is. */
  readonly offset: number;
  readonly length: number;
}

/** No sensible file has more boxes. */
const mostBoxes = 10_000;

/** The boxes between two places of a file; what does not fit ends the list. */
export async function readBoxes(source: ByteSource, from: number, to: number, signal?: AbortSignal): Promise<Jp2Box[]> {
  const boxes: Jp2Box[] = [];
  for (let at = from; at + 8 <= to && boxes.length < mostBoxes;) {
    const head = await source.read(at, Math.min(16, to - at), signal);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    if (head.byteLength < 8) break;
    const type = String.fromCharCode(...head.subarray(4, 8));
    let [size, header] = [view.getUint32(0), 8];
    if (size === 1 && head.byteLength >= 16) [size, header] = [Number(view.getBigUint64(8)), 16];
    // The last box may reach to the end of the file.
    if (size === 0) size = to - at;
    if (size < header) break;
    boxes.push({ type, offset: at + header, length: Math.min(size, to - at) - header });
    at += size;
  }
  return boxes;
}

/** The content of a box, at most `limit` bytes of it. */
export function boxContent(source: ByteSource, box: Jp2Box, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
  return readExactly(source, box.offset, Math.min(box.length, limit), signal);
}
