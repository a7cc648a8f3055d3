import { pictureToDataUri } from '@tiepoint/raster';
import { type MarksOfFile, markAt } from '../result/marks-of-file.js';
import type { PreviewSize } from './preview.js';

/** Magenta, which ground has nowhere, and what is below shines through. */
const colour = [255, 0, 200, 120] as const;

/** Draws marks on the preview of the reference, as a `data:` URI that is transparent beside them. */
export function drawMarks(marks: MarksOfFile, { width, height, scale }: PreviewSize): Promise<string> {
  const data = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    if (markAt(marks, Math.floor(x * scale), Math.floor(y * scale)) === 1) data.set(colour, 4 * i);
  }
  return pictureToDataUri({ data, width, height, channels: 4 });
}
