import { createRandom, translation } from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import {
  averagePrecision,
  chanceRepeatability,
  commonKeypoints,
  matchingAccuracy,
  matchScore,
  repeatability,
  repeatableKeypoints,
  rootMeanSquareError,
  type Truth,
} from './metrics.js';

/** The sensed image shows what lies 10 px further right. */
const truth: Truth = {
  reference: { width: 100, height: 50 },
  sensed: { width: 100, height: 50 },
  sensedToReference: translation(10, 0),
};

const points = (...xy: number[]): Float64Array => Float64Array.from(xy);

describe('repeatability', () => {
  it('counts keypoints of both images on common ground', () => {
    // In the reference: repeated, repeated at 2 px, not repeated, not in the other image.
    const reference = points(20, 20, 50, 20, 80, 30, 5, 10);
    // Repeated, repeated, not, beyond the reference.
    const sensed = points(10, 20, 42, 20, 30, 40, 95, 10);
    expect(repeatability(reference, sensed, truth, 3)).toBeCloseTo(4 / 6);
    expect(repeatability(reference, sensed, truth, 1)).toBeCloseTo(2 / 6);
  });

  it('leaves out ground without data', () => {
    const mask = new Uint8Array(5000).fill(1);
    mask[20 * 100 + 10] = 0;
    const masked = { ...truth, sensed: { ...truth.sensed, mask } };
    expect(repeatability(points(20.5, 20.5, 50, 20), points(40, 20), masked, 3)).toBe(1);
  });

  it('is 0 without keypoints', () => {
    expect(repeatability(points(), points(), truth, 3)).toBe(0);
  });
});

/** Errors of 0, 2, 5 and 20 px. */
const matches = { reference: points(20, 20, 30, 20, 40, 20, 50, 20), sensed: points(10, 20, 22, 20, 35, 20, 60, 20) };

describe('chanceRepeatability', () => {
  const random = createRandom(3);
  const strewn = (from: number, side: number): Float64Array =>
    Float64Array.from({ length: 1000 }, () => from + side * random.uniform());
  const size = { width: 256, height: 256 };
  const same: Truth = { reference: size, sensed: size, sensedToReference: translation(0, 0) };

  it('is what points that know nothing of each other reach', () => {
    const [a, b] = [strewn(0, 256), strewn(0, 256)];
    const expected = 1 - Math.exp((-500 * Math.PI * 9) / 256 ** 2);
    expect(repeatability(a, b, same, 3)).toBeCloseTo(expected, 1);
    expect(Math.abs(chanceRepeatability(a, b, same, 3) - repeatability(a, b, same, 3))).toBeLessThan(0.03);
    // Also of points that are all repeated.
    expect(repeatability(a, a, same, 3)).toBe(1);
    expect(Math.abs(chanceRepeatability(a, a, same, 3) - expected)).toBeLessThan(0.03);
  });

  it.each([
    [32, 192],
    [70, 100],
  ])('is as high as it is for points that keep off the border and crowd: from %d px, %d wide', (from, side) => {
    const [a, b] = [strewn(from, side), strewn(from, side)];
    expect(Math.abs(chanceRepeatability(a, b, same, 3) - repeatability(a, b, same, 3))).toBeLessThan(0.03);
  });
});

describe('matches', () => {
  it('have the accuracy of those within the threshold', () => {
    expect([1, 2, 3, 6].map((px) => matchingAccuracy(matches, truth, px))).toEqual([0.25, 0.5, 0.5, 0.75]);
    expect(matchingAccuracy({ reference: points(), sensed: points() }, truth, 3)).toBe(0);
  });

  it('have the error of (10)', () => {
    expect(rootMeanSquareError(matches, truth)).toBeCloseTo(Math.sqrt((0 + 4 + 25 + 400) / 4));
  });

  it('score by the keypoints on common ground', () => {
    // Five of the six reference keypoints are shown by the sensed image, four of the four sensed by the reference.
    const reference = points(20, 20, 30, 20, 40, 20, 50, 20, 60, 40, 2, 40);
    const keypoints = { reference, sensed: matches.sensed };
    expect(matchScore(matches, keypoints, truth, 3)).toBeCloseTo((2 / 5 + 2 / 4) / 2);
  });
});

describe('averagePrecision', () => {
  const reference = points(20, 20, 30, 20, 40, 20, 50, 20);
  const sensed = points(10, 20, 20, 20, 30, 20, 90, 20);
  const ap = (partner: number[], score: number[]): number => {
    const nearest = { reference, sensed, partner: Int32Array.from(partner), score: Float32Array.from(score) };
    return averagePrecision(nearest, truth, 3, repeatableKeypoints(nearest, truth, 3));
  };

  it('is 1 where the right ones are surest', () => {
    expect(ap([0, 1, 2, 0], [0.9, 0.8, 0.7, 0.1])).toBeCloseTo(1);
  });

  it('is the area under precision over recall', () => {
    // Wrong, right, right, of three that could be right: precision 1/2, then 2/3, which holds for the lower recall too.
    expect(ap([1, 1, 2, -1], [0.9, 0.8, 0.7, 0])).toBeCloseTo((2 / 3) * (2 / 3));
    // Right, wrong, right.
    expect(ap([0, 0, 2, -1], [0.9, 0.8, 0.7, 0])).toBeCloseTo((1 / 3) * 1 + (1 / 3) * (2 / 3));
  });

  it('counts all that guided matching could have found', () => {
    const nearest = {
      reference,
      sensed: points(10, 20, 20, 20, 90, 20, 90, 30),
      partner: Int32Array.of(0, 1, 2, 3),
      score: Float32Array.of(0.9, 0.8, 0.7, 0.6),
    };
    // Two right and surest, two wrong.
    expect(averagePrecision(nearest, truth, 3, repeatableKeypoints(nearest, truth, 3))).toBeCloseTo(1);
    expect(averagePrecision(nearest, truth, 3, commonKeypoints(reference, truth))).toBeCloseTo(0.5);
  });

  it('is not a number where nothing could be right', () => {
    const nearest = {
      reference: points(20, 20),
      sensed: points(12, 20),
      partner: Int32Array.of(0),
      score: Float32Array.of(1),
    };
    expect(averagePrecision(nearest, truth, 1, repeatableKeypoints(nearest, truth, 1))).toBeNaN();
    expect(averagePrecision(nearest, truth, 2, repeatableKeypoints(nearest, truth, 2))).toBe(1);
  });
});
