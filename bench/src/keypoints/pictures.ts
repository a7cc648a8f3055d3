import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type MatrixTransform, type Plane, invertTransform, transformPoint } from '@tiepoint/geometry';
import sharp from 'sharp';
import type { Prediction } from './method.js';
import type { MatchedPoints, Truth } from './metrics.js';
import { mutualMatches } from './score.js';
import type { ProjectivePair } from './warped-pair.js';

/** Px between the two images. */
const gap = 8;
/** A keypoint this near another's place is repeated, px. */
const repeatedWithin = 3;
/** Matches further from the truth are drawn in red, px (Li, Han and Ye 2022, figure 10). */
const wrongBeyond = 4;
const colours = { repeated: '#2ecc40', alone: '#ff851b', right: '#0074d9', wrong: '#ff4136' } as const;

/** Both images beside each other: red, green and blue are the grey. */
function beside(a: Plane, b: Plane): { readonly width: number; readonly height: number; readonly data: Uint8Array } {
  const [width, height] = [a.width + gap + b.width, Math.max(a.height, b.height)];
  const data = new Uint8Array(3 * width * height).fill(255);
  for (const [plane, left] of [
    [a, 0],
    [b, a.width + gap],
  ] as const) {
    for (let i = 0; i < plane.data.length; i++) {
      const at = Math.floor(i / plane.width) * width + left + (i % plane.width);
      const grey = plane.mask?.[i] === 0 ? 128 : Math.min(255, Math.max(0, plane.data[i]!));
      data.fill(grey, 3 * at, 3 * at + 3);
    }
  }
  return { width, height, data };
}

/** Whether each point has one of the others at its place. */
function repeatedOf(points: Float64Array, toOther: MatrixTransform, others: Float64Array): boolean[] {
  return Array.from({ length: points.length / 2 }, (_, i) => {
    const [x, y] = transformPoint(toOther, points[2 * i]!, points[2 * i + 1]!);
    for (let j = 0; j < others.length; j += 2) {
      if (Math.hypot(others[j]! - x, others[j + 1]! - y) <= repeatedWithin) return true;
    }
    return false;
  });
}

function circles(points: Float64Array, left: number, repeated: readonly boolean[]): string {
  return repeated
    .map((yes, i) => {
      const [x, y] = [points[2 * i]! + left, points[2 * i + 1]!];
      const stroke = yes ? colours.repeated : colours.alone;
      return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="none" stroke="${stroke}"/>`;
    })
    .join('');
}

/** Keypoints of both images: green where the other image has one at their place. */
export function drawnKeypoints({ reference, sensed }: MatchedPoints, truth: Truth, left: number): string {
  const back = invertTransform(truth.sensedToReference)!;
  return (
    circles(reference, 0, repeatedOf(reference, back, sensed)) +
    circles(sensed, left, repeatedOf(sensed, truth.sensedToReference, reference))
  );
}

/** Lines between matches: blue where they are right, red on top where they are not. */
export function drawnMatches({ reference, sensed }: MatchedPoints, truth: Truth, left: number): string {
  const lines = Array.from({ length: reference.length / 2 }, (_, i) => {
    const [x, y, u, v] = [reference[2 * i]!, reference[2 * i + 1]!, sensed[2 * i]!, sensed[2 * i + 1]!];
    const [tx, ty] = transformPoint(truth.sensedToReference, u, v);
    const wrong = Math.hypot(tx - x, ty - y) > wrongBeyond;
    const ends = `x1="${x.toFixed(1)}" y1="${y.toFixed(1)}" x2="${(u + left).toFixed(1)}" y2="${v.toFixed(1)}"`;
    return { wrong, line: `<line ${ends} stroke="${wrong ? colours.wrong : colours.right}" stroke-opacity="0.7"/>` };
  });
  return lines
    .toSorted((a, b) => Number(a.wrong) - Number(b.wrong))
    .map(({ line }) => line)
    .join('');
}

/** Writes pictures of a prediction: `keypoints-…png` and, where there are matches, `matches-…png`. */
export async function drawPrediction(
  folder: string,
  pair: ProjectivePair,
  method: string,
  prediction: Prediction,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { width, height, data } = beside(pair.reference, pair.sensed);
  const left = pair.reference.width + gap;
  const write = async (kind: string, drawn: string): Promise<void> => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawn}</svg>`;
    await sharp(data, { raw: { width, height, channels: 3 } })
      .composite([{ input: Buffer.from(svg) }])
      .png()
      .toFile(join(folder, `${kind}-${pair.set}-${pair.id}-${method}.png`.replaceAll(/[^\w.-]/g, '_')));
  };
  await write('keypoints', drawnKeypoints(prediction.keypoints, pair.truth, left));
  const matches = mutualMatches(prediction);
  if (matches.reference.length > 0) await write('matches', drawnMatches(matches, pair.truth, left));
}
