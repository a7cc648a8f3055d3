import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createRandom, type Plane, resamplePlane, similarity, transformPoint } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import { python } from '../registration/python-rival.js';
import { gaussianExtrema, gaussianOctaves } from './difference-of-gaussians.js';
import type { KeypointMethodFactory, Prediction } from './method.js';
import { describePolar, dominantAngles, type GradientField, polarLength } from './polar-descriptor.js';
import { psoSiftMethod } from './pso-sift.js';
import { gradientOfMagnitude } from './pso-sift-features.js';
import { sarSiftMethod } from './sar-sift.js';
import { ratioGradient } from './sar-sift-scales.js';
import { scene } from './testing.js';

const script = fileURLToPath(new URL('../../src/keypoints/reference-checks.py', import.meta.url));
const hasOpenCv = spawnSync(python, ['-c', 'import cv2, numpy']).status === 0;

function askPython(what: string, { width, height, data }: Plane, more: object = {}): Record<string, number[]> {
  const input = JSON.stringify({ what, width, height, data: Array.from(data), ...more });
  const { stdout, stderr } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 1e8 });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, number[]>;
}

function largestDifference(a: Float32Array, b: readonly number[]): number {
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);
}

/** Mutual matches, and how many of them are within 3 px of the truth. */
function scored({ keypoints, partner, back }: Prediction, sensedToReference: ReturnType<typeof similarity>) {
  let [all, right] = [0, 0];
  for (const [i, j] of partner.entries()) {
    if (j < 0 || back[j] !== i) continue;
    all++;
    const [x, y] = transformPoint(sensedToReference, keypoints.sensed[2 * j]!, keypoints.sensed[2 * j + 1]!);
    if (Math.hypot(x - keypoints.reference[2 * i]!, y - keypoints.reference[2 * i + 1]!) <= 3) right++;
  }
  return { all, right };
}

describe('the log-polar descriptor', () => {
  const side = 81;
  const random = createRandom(4);
  const noise = Float32Array.from({ length: side * side }, () => random.uniform());
  const angle = noise.map((_, i) => 3 + 2 * Math.sin((i % side) / 7) + 0.9 * Math.cos(Math.floor(i / side) / 5));
  const field: GradientField = { width: side, height: side, magnitude: noise, angle };
  /** The field a quarter turn on: x to y. */
  const turned = (values: Float32Array): Float32Array =>
    values.map((_, i) => values[(side - 1 - (i % side)) * side + Math.floor(i / side)]!);
  const quarter: GradientField = {
    width: side,
    height: side,
    magnitude: turned(noise),
    angle: turned(angle).map((a) => (a + Math.PI / 2) % (2 * Math.PI)),
  };

  it('turns with the image', () => {
    const [a, b, c] = [0, 1, 2].map(() => new Float32Array(polarLength));
    const place = { column: 40, row: 40, scale: 2.5 };
    describePolar(field, { ...place, angle: 0.3 }, a!);
    describePolar(quarter, { ...place, angle: 0.3 + Math.PI / 2 }, b!);
    describePolar(quarter, { ...place, angle: 0.3 }, c!);
    const dot = (p: Float32Array, q: Float32Array): number => p.reduce((sum, v, i) => sum + v * q[i]!, 0);
    expect(dot(a!, a!)).toBeCloseTo(1, 4);
    expect(dot(a!, b!)).toBeGreaterThan(0.999);
    expect(dot(a!, c!)).toBeLessThan(0.99);
  });

  it('finds the directions that prevail', () => {
    const two = { ...field, magnitude: noise.map(() => 1), angle: noise.map((v) => (v < 0.52 ? 1 : 4)) };
    const angles = dominantAngles(two, 40, 40, 2).toSorted((a, b) => a - b);
    expect(angles).toHaveLength(2);
    expect(angles[0]).toBeCloseTo(1, 0.9);
    expect(angles[1]).toBeCloseTo(4, 0.9);
    const one = dominantAngles({ ...two, angle: noise.map((v) => (v < 0.7 ? 1 : 4)) }, 40, 40, 2);
    expect(one).toHaveLength(1);
  });
});

describe('SAR-SIFT', () => {
  it('has a gradient that no factor changes', () => {
    const image = scene(64, 1);
    const [gx] = ratioGradient(image, 2);
    const [same] = ratioGradient({ ...image, data: image.data.map((v) => 5 * v) }, 2);
    expect(largestDifference(gx, Array.from(same))).toBeLessThan(1e-4);
  });

  it.skipIf(!hasOpenCv)('has the gradient that whole windows give', () => {
    const image = scene(60, 2);
    for (const alpha of [2, 5.04]) {
      const [gx, gy] = ratioGradient(image, alpha);
      const reference = askPython('ratio-gradient', image, { alpha });
      expect(largestDifference(gx, reference['gx']!)).toBeLessThan(1e-3);
      expect(largestDifference(gy, reference['gy']!)).toBeLessThan(1e-3);
    }
  });
});

describe('PSO-SIFT', () => {
  it('has a gradient that reversed contrast does not change', () => {
    const image = scene(64, 3);
    const reversed = gradientOfMagnitude({ ...image, data: image.data.map((v) => 255 - v) });
    const field = gradientOfMagnitude(image);
    expect(largestDifference(field.angle, Array.from(reversed.angle))).toBeLessThan(1e-3);
  });

  it.skipIf(!hasOpenCv)("has the gradient that OpenCV's Sobel gives", () => {
    const image = scene(60, 4);
    const { gx, gy } = askPython('gradient-of-magnitude', image);
    const { magnitude } = gradientOfMagnitude(image);
    const wanted = gx!.map((v, i) => Math.hypot(v, gy![i]!));
    expect(largestDifference(magnitude, wanted)).toBeLessThan(0.05);
  });

  it.skipIf(!hasOpenCv)("finds extrema where OpenCV's SIFT does", () => {
    const image = scene(128, 5);
    const { xy } = askPython('sift', image);
    const found = gaussianExtrema(gaussianOctaves({ ...image, data: image.data.map((v) => v / 255) }));
    const near = found.filter(({ x, y }) => {
      for (let i = 0; i < xy!.length; i += 2) if (Math.hypot(xy![i]! - x, xy![i + 1]! - y) < 1) return true;
      return false;
    });
    expect(found.length).toBeGreaterThan(20);
    expect(near.length).toBeGreaterThan(0.8 * found.length);
  });
});

describe.each([
  ['sar-sift', sarSiftMethod],
  ['pso-sift', psoSiftMethod],
] as const)('%s', (_, factory: KeypointMethodFactory) => {
  it('matches an image with itself turned, enlarged and noisy', async () => {
    const method = await factory({ peers: '' });
    if ('absent' in method) throw new Error(method.absent);
    const reference = scene(160, 6);
    const sensedToReference = similarity(0.9, 0.5, 45, -20);
    const moved = resamplePlane(reference, 160, 160, sensedToReference, { kernel: 'cubic' });
    const random = createRandom(7);
    const sensed = { ...moved, data: moved.data.map((v) => Math.max(1, v * 0.8 + 2 * random.normal())) };
    const { all, right } = scored(await method.predict(reference, sensed, 150), sensedToReference);
    expect(all).toBeGreaterThan(20);
    expect(right).toBeGreaterThan(0.5 * all);
  });
});

it('the second pass of PSO-SIFT forgives what descriptors confuse', async () => {
  const method = await psoSiftMethod({ peers: '' });
  if ('absent' in method) throw new Error(method.absent);
  // Reversed contrast, so that descriptors alone are unsure.
  const reference = scene(160, 8);
  const sensed = { ...reference, data: reference.data.map((v) => 255 * (1 - v / 255) ** 1.5) };
  const { all, right } = scored(await method.predict(reference, sensed, 150), similarity(1, 0, 0, 0));
  expect(right).toBeGreaterThan(0.6 * all);
});
