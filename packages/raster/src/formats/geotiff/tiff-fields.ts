/** A tag about to be written. */
export interface TiffField {
  readonly tag: number;
  /** 1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 7 UNDEFINED, 12 DOUBLE, 16 LONG8. */
  readonly type: 1 | 2 | 3 | 4 | 7 | 12 | 16;
  readonly values: readonly number[];
}

const sampleSizes = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 12: 8, 16: 8 } as const;

/** A SHORT field. */
export function shorts(tag: number, ...values: number[]): TiffField {
  return { tag, type: 3, values };
}

/** A LONG field. */
export function longs(tag: number, ...values: number[]): TiffField {
  return { tag, type: 4, values };
}

/** A DOUBLE field. */
export function doubles(tag: number, values: readonly number[]): TiffField {
  return { tag, type: 12, values };
}

/** An ASCII field, in UTF-8, NUL added. */
export function ascii(tag: number, text: string): TiffField {
  return { tag, type: 2, values: [...new TextEncoder().encode(text), 0] };
}

/** Bytes of a directory with its values behind it, 8-byte aligned. */
export function directorySize(fields: readonly TiffField[], big: boolean): number {
  let size = big ? 8 + fields.length * 20 + 8 : 2 + fields.length * 12 + 4;
  for (const field of fields) {
    const bytes = field.values.length * sampleSizes[field.type];
    if (bytes > (big ? 8 : 4)) size += pad8(bytes);
  }
  return pad8(size) + 8;
}

/**
 * Encodes a directory for a place in the file, little-endian, values behind it.
 * @param next The offset of the next directory, 0 for none.
 * @returns Exactly `directorySize` bytes.
 */
export function encodeDirectory(fields: readonly TiffField[], big: boolean, at: number, next: number): Uint8Array {
  const sorted = fields.toSorted((a, b) => a.tag - b.tag);
  const bytes = new Uint8Array(directorySize(fields, big));
  const view = new DataView(bytes.buffer);
  let cursor = big ? 8 : 2;
  let values = pad8(cursor + sorted.length * (big ? 20 : 12) + (big ? 8 : 4));
  if (big) view.setBigUint64(0, BigInt(sorted.length), true);
  else view.setUint16(0, sorted.length, true);
  for (const field of sorted) {
    view.setUint16(cursor, field.tag, true);
    view.setUint16(cursor + 2, field.type, true);
    if (big) view.setBigUint64(cursor + 4, BigInt(field.values.length), true);
    else view.setUint32(cursor + 4, field.values.length, true);
    const slot = cursor + (big ? 12 : 8);
    const size = field.values.length * sampleSizes[field.type];
    if (size <= (big ? 8 : 4)) {
      writeValues(view, slot, field);
    } else {
      if (big) view.setBigUint64(slot, BigInt(at + values), true);
      else view.setUint32(slot, at + values, true);
      writeValues(view, values, field);
      values += pad8(size);
    }
    cursor += big ? 20 : 12;
  }
  if (big) view.setBigUint64(cursor, BigInt(next), true);
  else view.setUint32(cursor, next, true);
  return bytes;
}

/** The file's first bytes: 8 classic, 16 BigTIFF. */
export function encodeHeader(big: boolean, firstDirectory: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(big ? 16 : 8));
  view.setUint16(0, 0x4949);
  view.setUint16(2, big ? 43 : 42, true);
  if (big) {
    view.setUint16(4, 8, true);
    view.setBigUint64(8, BigInt(firstDirectory), true);
  } else {
    view.setUint32(4, firstDirectory, true);
  }
  return new Uint8Array(view.buffer);
}

function writeValues(view: DataView, at: number, field: TiffField): void {
  const size = sampleSizes[field.type];
  for (const [i, value] of field.values.entries()) {
    const to = at + i * size;
    if (size === 1) view.setUint8(to, value);
    else if (size === 2) view.setUint16(to, value, true);
    else if (size === 4) view.setUint32(to, value, true);
    else if (field.type === 12) view.setFloat64(to, value, true);
    else view.setBigUint64(to, BigInt(value), true);
  }
}

function pad8(size: number): number {
  return Math.ceil(size / 8) * 8;
}
