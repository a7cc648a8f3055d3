import { type ByteSource, readExactly } from '../../source/byte-source.js';
import { type Archive, damagedArchive, mostFiles, partOf } from './archive.js';

/** Headers, and what files are padded to, bytes. */
const block = 512;
/** Paths are not longer, nor are extended headers. */
const mostHeaderBytes = 64 * 1024;

/** Whether a file with these first bytes is a tar archive (POSIX's or GNU's). */
export function isTar(head: Uint8Array): boolean {
  return head.length >= block && textAt(head, 257, 5) === 'ustar';
}

/**
 * Reads a tar archive's list of files, header by header; files are read from where they stand.
 * @throws {TiepointError} `file-corrupt`, `file-truncated`.
 */
export async function openTar(source: ByteSource, signal?: AbortSignal): Promise<Archive> {
  const places = new Map<string, { readonly start: number; readonly size: number }>();
  // What stands in front of a header and replaces its path or size.
  let [longName, longSize]: [string | null, number | null] = [null, null];
  for (let at = 0; at + block <= source.size;) {
    signal?.throwIfAborted();
    const header = await readExactly(source, at, block, signal);
    if (header.every((byte) => byte === 0)) break;
    if (!isTar(header)) throw damagedArchive(source.name, `no header at byte ${at}`);
    const type = textAt(header, 156, 1);
    const size = longSize ?? sizeOf(header);
    const start = at + block;
    if (!Number.isSafeInteger(size) || size < 0) throw damagedArchive(source.name, `a file of ${size} bytes`);
    at = start + Math.ceil(size / block) * block;
    if (type === 'L' || type === 'x') {
      const content = await readExactly(source, start, Math.min(size, mostHeaderBytes), signal);
      const items = type === 'x' ? extendedHeader(content) : new Map([['path', textAt(content, 0, content.length)]]);
      longName = items.get('path') ?? longName;
      longSize = items.has('size') ? Number(items.get('size')) : longSize;
      continue;
    }
    const path = (longName ?? nameOf(header)).replace(/^(?:\.?\/)+/, '');
    [longName, longSize] = [null, null];
    // Folders, links and the like hold nothing.
    if (type !== '0' && type !== '' && type !== '7') continue;
    if (start + size > source.size) throw damagedArchive(source.name, `${path} ends beyond the archive`);
    if (path !== '' && !path.endsWith('/')) places.set(path, { start, size });
    if (places.size > mostFiles) throw damagedArchive(source.name, `more than ${mostFiles} files`);
  }
  return {
    name: source.name,
    files: [...places.keys()],
    open: async (path) => {
      const place = places.get(path);
      return place === undefined ? null : partOf(source, `${source.name}/${path}`, place.start, place.size);
    },
  };
}

/** Text up to its first zero. */
function textAt(bytes: Uint8Array, from: number, length: number): string {
  const part = bytes.subarray(from, from + length);
  const end = part.indexOf(0);
  return new TextDecoder().decode(end < 0 ? part : part.subarray(0, end));
}

function nameOf(header: Uint8Array): string {
  const [name, prefix] = [textAt(header, 0, 100), textAt(header, 345, 155)];
  // GNU has other things in the prefix's place.
  return prefix !== '' && textAt(header, 257, 6) === 'ustar' && header[262] === 0 ? `${prefix}/${name}` : name;
}

/** Octal digits, or bytes where the first bit is set. */
function sizeOf(header: Uint8Array): number {
  if ((header[124]! & 0x80) === 0) return Number.parseInt(textAt(header, 124, 12).trim() || '0', 8);
  return header.subarray(128, 136).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** POSIX's lines `length name=value`. */
function extendedHeader(bytes: Uint8Array): Map<string, string> {
  const items = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const found = /^(\d{1,6}) ([^=]+)=/.exec(new TextDecoder().decode(bytes.subarray(at, at + 256)));
    const length = Number(found?.[1]);
    if (!found || length <= found[0].length || at + length > bytes.length) break;
    items.set(found[2]!, new TextDecoder().decode(bytes.subarray(at + found[0].length, at + length - 1)));
    at += length;
  }
  return items;
}
