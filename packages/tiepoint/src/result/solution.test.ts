import {
  affine,
  type BsplineTransform,
  inverseTransformPoint,
  type PolynomialTransform,
  projective,
  similarity,
  TiepointError,
  type TpsTransform,
  type Transform,
  transformPoint,
} from '@tiepoint/geometry';
import { describe, expect, it } from 'vitest';
import { parseSolution, usableTransform } from './solution.js';
import { transformToJson } from './transform-json.js';

const polynomial: PolynomialTransform = {
  model: 'polynomial2',
  origin: [250, 250],
  scale: 180,
  coefficientsX: [260, 180, 8, 4, 3, -2],
  coefficientsY: [240, -8, 176, 1, -5, 2],
};
const spline: TpsTransform = {
  model: 'tps',
  origin: [10, 20],
  scale: 100,
  knots: [0, 0, 1, 0, 0, 1, 1, 1],
  weightsX: [1, -1, -1, 1],
  weightsY: [-2, 2, 2, -2],
  affineX: [5, 100, 3],
  affineY: [7, -2, 98],
};
const grid: BsplineTransform = {
  model: 'bspline',
  origin: [10, 20],
  spacing: [100, 120],
  columns: 4,
  rows: 4,
  valuesX: Array.from({ length: 16 }, (_, i) => 100 * ((i % 4) - 1) + 3 * Math.floor(i / 4) + (i === 6 ? 4 : 0)),
  valuesY: Array.from({ length: 16 }, (_, i) => 120 * (Math.floor(i / 4) - 1) - (i === 5 ? 3 : 0)),
};
const transforms: Transform[] = [
  similarity(1.2, 0.3, -4, 7),
  affine(1, 0.1, 3, 0.2, 0.9, -4),
  projective([1, 0.1, 3, 0.2, 0.9, -4, 1e-4, 2e-5, 1]),
  polynomial,
  spline,
  grid,
];

function document(transform: Transform, verdict = 'accept'): string {
  return JSON.stringify({ version: 1, verdict, reasons: ['why'], ...transformToJson(transform), extra: true });
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TiepointError) return error.code;
    throw error;
  }
  return 'none';
}

describe('a solution file', () => {
  it.each(transforms)('gives back the transform that was written: $model', (transform) => {
    const read = usableTransform(parseSolution(document(transform), 's.json'), 's.json');
    expect(read).toEqual(transform);
    const [x, y] = transformPoint(read, 31, 47);
    expect(inverseTransformPoint(read, x, y)![0]).toBeCloseTo(31, 6);
  });

  it('has a matrix exactly for the models that are matrices', () => {
    expect(transformToJson(polynomial).sensedToReference).toBeNull();
    expect(transformToJson(polynomial).parameters).toBeDefined();
    expect(transformToJson(transforms[1]!)).toEqual({
      model: 'affine',
      sensedToReference: [
        [1, 0.1, 3],
        [0.2, 0.9, -4],
        [0, 0, 1],
      ],
    });
  });

  it('is not applied where it was refused', () => {
    const refused = {
      version: 1,
      verdict: 'refuse',
      reasons: ['No agreement.'],
      model: 'affine',
      sensedToReference: null,
    };
    const solution = parseSolution(JSON.stringify(refused), 's.json');
    expect(solution.verdict).toBe('refuse');
    expect(codeOf(() => usableTransform(solution, 's.json'))).toBe('refused');
    expect(codeOf(() => usableTransform(parseSolution(document(transforms[0]!, 'refuse'), 's'), 's'))).toBe('refused');
  });

  it.each([
    ['not JSON', 'hello'],
    ['an array', '[]'],
    ['another version', document(polynomial).replace('"version":1', '"version":2')],
    ['an unknown model', document(polynomial).replace('polynomial2', 'polynomial7')],
    ['too few coefficients', document({ ...polynomial, coefficientsX: [1, 2, 3] })],
    ['a matrix of two rows', document(transforms[1]!).replace(',[0,0,1]', '')],
    ['a matrix with a word', document(transforms[1]!).replace('0.9', '"x"')],
    ['knots without weights', document({ ...spline, weightsX: [1] })],
  ])('is invalid as %s', (_, text) => {
    expect(codeOf(() => parseSolution(text, 's.json'))).toBe('solution-invalid');
  });
});
