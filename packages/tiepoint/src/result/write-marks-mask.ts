import { createCog, type GeoTiffOptions, type ReferenceGrid } from '@tiepoint/raster';
import { type MarksOfFile, markAt } from './marks-of-file.js';

/** Rows written at once. */
const stripRows = 256;

/**
 * Writes where both files carry the same marks, on the grid of the reference, as a Cloud Optimised GeoTIFF of bytes: 255 in a mark or
 * its rim, 0 elsewhere; all 0 where there are none.
 *
 * @throws TiepointError `output-exists`, `output-unwritable`, `disk-full`
 */
export async function writeMarksMask(
  path: string,
  marks: MarksOfFile | null,
  { width, height, georeference }: ReferenceGrid,
  options: Pick<GeoTiffOptions, 'metadata' | 'overwrite' | 'signal'> = {},
): Promise<void> {
  await using writer = await createCog(path, {
    ...options,
    width,
    height,
    bandCount: 1,
    dataType: 'uint8',
    georeference,
    bandDescriptions: ['marks that both files carry at the same pixels'],
  });
  for (let y = 0; y < height; y += stripRows) {
    options.signal?.throwIfAborted();
    const rows = Math.min(stripRows, height - y);
    const data = new Uint8Array(width * rows);
    if (marks !== null) {
      for (let i = 0; i < data.length; i++) {
        data[i] = 255 * markAt(marks, i % width, y + Math.floor(i / width));
      }
    }
    await writer.write({ rows, data: [data] });
  }
  await writer.finish();
}
