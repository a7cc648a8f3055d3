import sharp from 'sharp';
import { type MarksOfFile, markAt } from '../result/marks-of-file.js';
import type { PreviewSize } from './preview.js';

/** Magenta, which ground has nowhere, and what is below shines through. */
const colour = [255, 0, 200, 120] as const;

/** Draws marks on the preview of the reference, as a `data:` URI that is transparent beside them. */
export async function drawMarks(marks: MarksOfFile, { width, height, scale }: PreviewSize): Promise<string> {
  const pixels = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    if (markAt(marks, Math.floor(x * scale), Math.floor(y * scale)) === 1) pixels.set(colour, 4 * i);
  }
  const bytes = await sharp(pixels, { raw: { width, height, channels: 4 } })
    .png({ palette: true, colours: 2 })
    .toBuffer();
  return `data:image/png;base64,${bytes.toString('base64')}`;
}
