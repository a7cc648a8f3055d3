import { CholeskyDecomposition, determinant, inverse, Matrix, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { factorCholesky, invertCholesky, logDeterminant, solveCholesky } from './cholesky.js';
import { constraintReflectors, intoNullSpace, outOfNullSpace } from './null-space.js';
import { createRandom } from '../random.js';

function randomPositive(size: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const root = Array.from({ length: (size + 3) * size }, () => random.normal());
  const m = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size + 3; k++) m[i * size + j]! += root[k * size + i]! * root[k * size + j]!;
    }
  }
  return m;
}

const asMatrix = (data: Float64Array, rows: number, columns: number): Matrix =>
  new Matrix(Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns))));

describe('Cholesky', () => {
  it.each([1, 2, 6, 8, 20])('solves and inverts a %i × %i system as ml-matrix does', (size) => {
    const data = randomPositive(size, size);
    const m = asMatrix(data, size, size);
    const b = Float64Array.from({ length: size }, (_, i) => i - 2.5);
    const factor = factorCholesky(data, size)!;
    const x = solveCholesky(factor, b);
    const expected = solve(m, Matrix.columnVector(Array.from(b)));
    const expectedInverse = inverse(m);
    const inverted = invertCholesky(factor);
    expect(logDeterminant(factor)).toBeCloseTo(Math.log(determinant(m)), 8);
    for (let i = 0; i < size; i++) {
      expect(x[i]!).toBeCloseTo(expected.get(i, 0), 8);
      for (let j = 0; j < size; j++) expect(inverted[i * size + j]!).toBeCloseTo(expectedInverse.get(i, j), 8);
    }
  });

  it('refuses what ml-matrix calls indefinite, in whatever units', () => {
    const m = Float64Array.of(1, 2, 2, 1);
    expect(new CholeskyDecomposition(asMatrix(m, 2, 2)).isPositiveDefinite()).toBe(false);
    expect(factorCholesky(m, 2)).toBeNull();
    // Rank one, with columns of very different size.
    expect(factorCholesky(Float64Array.of(1e12, 1e3, 1e3, 1e-6), 2)).toBeNull();
    expect(factorCholesky(Float64Array.of(1e12, 0, 0, 1e-12), 2)).not.toBeNull();
    expect(factorCholesky(Float64Array.of(Number.NaN, 0, 0, 1), 2)).toBeNull();
  });
});

describe('the null space of constraints', () => {
  it('is orthonormal and orthogonal to them', () => {
    const random = createRandom(3);
    const a = Float64Array.from({ length: 10 * 3 }, () => random.normal());
    const reflectors = constraintReflectors(a, 10, 3)!;
    const rows = Array.from({ length: 7 }, (_, c) => {
      const vector = new Float64Array(10);
      vector[3 + c] = 1;
      outOfNullSpace(reflectors, vector);
      return vector;
    });
    const z = new Matrix(rows.map((row) => Array.from(row))).transpose();
    const gram = z.transpose().mmul(z);
    expect(gram.sub(Matrix.eye(7)).norm('frobenius')).toBeLessThan(1e-12);
    expect(asMatrix(a, 10, 3).transpose().mmul(z).norm('frobenius')).toBeLessThan(1e-12);
    const vector = Float64Array.from(rows[4]!, (v, i) => 2 * v - rows[0]![i]!);
    intoNullSpace(reflectors, vector);
    for (const [i, v] of vector.entries()) expect(v).toBeCloseTo(i === 7 ? 2 : i === 3 ? -1 : 0, 12);
  });

  it('is null for dependent constraints', () => {
    const a = new Float64Array(12);
    for (let i = 0; i < 4; i++) a.set([1, i, 2 * i + 1], 3 * i);
    expect(constraintReflectors(a, 4, 3)).toBeNull();
  });
});
