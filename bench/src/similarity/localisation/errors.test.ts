import { createRandom } from 'onnx-grad';
import { expect, test } from 'vitest';
import { ellipseOf, errorStatistics, type LocalisationError, normalisedError } from './errors.js';

const covariance = [0.5, 0.3, 0.4] as const;

/** Errors drawn from the covariance, by its Cholesky factor. */
function drawn(count: number): LocalisationError[] {
  const random = createRandom(8);
  const l11 = Math.sqrt(covariance[0]);
  const l21 = covariance[1] / l11;
  const l22 = Math.sqrt(covariance[2] - l21 * l21);
  return Array.from({ length: count }, () => {
    const [u, v] = [random.normal(), random.normal()];
    return { x: 0, y: 0, score: 0, covariance, dx: l11 * u, dy: l21 * u + l22 * v };
  });
}

test('errors that the covariance predicts have a normalised deviation of 1', () => {
  const errors = drawn(4000);
  const { sd, robustSd, normalisedSd } = errorStatistics(errors);
  expect(normalisedSd).toBeCloseTo(1, 1);
  expect(sd).toBeCloseTo(Math.sqrt(0.45), 1);
  expect(robustSd).toBeCloseTo(Math.sqrt(0.45), 1);
  const products = errors.map((error) => normalisedError(error, covariance)).map(([a, b]) => a * b);
  expect(products.reduce((sum, p) => sum + p, 0) / products.length).toBeCloseTo(0, 1);
});

test('one outlier moves the deviation, not the robust one; a bias moves neither', () => {
  const errors = drawn(200);
  const before = errorStatistics(errors);
  const shifted = errorStatistics(errors.map((error) => ({ ...error, dx: error.dx + 7 })));
  expect(shifted.sd).toBeCloseTo(before.sd, 9);
  expect(shifted.robustSd).toBeCloseTo(before.robustSd, 9);
  expect(shifted.bias[0]).toBeCloseTo(before.bias[0] + 7, 9);
  const spoilt = errorStatistics([...errors, { ...errors[0]!, dx: 500 }]);
  expect(spoilt.sd).toBeGreaterThan(10);
  expect(spoilt.robustSd).toBeLessThan(1.1 * before.robustSd);
});

test('the ellipse of a covariance lies as its correlation says', () => {
  expect(ellipseOf([4, 0, 1])).toMatchObject({ major: 4, minor: 1, angle: 0 });
  expect(ellipseOf([1, 0, 4]).angle).toBeCloseTo(Math.PI / 2, 9);
  expect(ellipseOf([1, -0.5, 1]).angle).toBeCloseTo(-Math.PI / 4, 9);
  expect(normalisedError({ dx: 0, dy: 2 }, [1, 0, 4])).toEqual([expect.closeTo(1, 9), expect.closeTo(0, 9)]);
});
