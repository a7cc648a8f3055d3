import type { ByteSource } from '../../source/byte-source.js';
import type { ColorTable } from '../raster-file.js';
import { boxContent, type Jp2Box } from './jp2-boxes.js';

/** 1024 colours of 4 parts of 2 bytes, as many as there may be. */
const mostBytes = 16 * 1024;

/** The palette of a JP2 header's boxes (`pclr`), three or four parts of up to 8 bits; null where there is none. */
export async function readJp2Palette(
  source: ByteSource,
  header: readonly Jp2Box[],
  signal?: AbortSignal,
): Promise<ColorTable | null> {
  const box = header.find(({ type }) => type === 'pclr');
  if (!box) return null;
  const bytes = await boxContent(source, box, mostBytes, signal);
  const [count, parts] = [(bytes[0] ?? 0) * 256 + (bytes[1] ?? 0), bytes[2] ?? 0];
  const depths = Array.from(bytes.subarray(3, 3 + parts), (depth) => (depth & 0x7f) + 1);
  if (parts < 3 || parts > 4 || depths.some((depth) => depth > 8) || bytes.length < 3 + parts + count * parts)
    return null;
  return Array.from({ length: count }, (_, i) => {
    const part = (k: number): number => bytes[3 + parts + i * parts + k]!;
    return [part(0), part(1), part(2), parts === 4 ? part(3) : 255] as const;
  });
}
