import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Plane, translation } from '@tiepoint/geometry';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { drawnKeypoints, drawnMatches, drawPrediction } from './pictures.js';

/** The sensed image shows what lies 10 px further right. */
const sensedToReference = translation(10, 0);
const plane: Plane = { width: 60, height: 40, data: new Float32Array(2400).fill(90) };
const truth = { reference: plane, sensed: plane, sensedToReference };
// Repeated, and not; right, and wrong.
const points = { reference: Float64Array.of(30, 20, 50, 30), sensed: Float64Array.of(20, 21, 20, 35) };

const count = (text: string, part: string): number => text.split(part).length - 1;

it('tells repeated keypoints from others, and right matches from wrong ones', () => {
  const keypoints = drawnKeypoints(points, truth, 100);
  expect(count(keypoints, '#2ecc40')).toBe(2);
  expect(count(keypoints, '#ff851b')).toBe(2);
  expect(keypoints).toContain('cx="120.0" cy="21.0"');
  const matches = drawnMatches(points, truth, 100);
  expect(count(matches, '#0074d9')).toBe(1);
  // On top.
  expect(matches.indexOf('#ff4136')).toBeGreaterThan(matches.indexOf('#0074d9'));
});

it('writes both images beside each other with what was found on them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tiepoint-pictures-'));
  try {
    const same = Int32Array.of(0, 1);
    const prediction = { keypoints: points, partner: same, back: same, score: Float32Array.of(1, 1), seconds: 0 };
    const pair = { id: '7', set: 's1s2', reference: plane, sensed: plane, truth };
    await drawPrediction(folder, pair, 'some method', prediction);
    const names = ['keypoints-s1s2-7-some_method.png', 'matches-s1s2-7-some_method.png'];
    expect(readdirSync(folder).toSorted()).toEqual(names);
    const { data, info } = await sharp(join(folder, names[1]!)).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([128, 40]);
    const at = (x: number, y: number): number[] =>
      Array.from(data.subarray((y * 128 + x) * info.channels).subarray(0, 3));
    expect(at(2, 2)).toEqual([90, 90, 90]);
    expect(at(64, 2)).toEqual([255, 255, 255]);
    const [red, , blue] = at(60, 20);
    expect(blue! - red!).toBeGreaterThan(40);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
