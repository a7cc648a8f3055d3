import { expect, test } from 'vitest';
import { bandValidity, usableNodata } from './validity.js';

test('what is not finite, or ends the range of float32, is not valid', () => {
  const lowest = -3.4028234663852886e38;
  const data = Float32Array.of(
    1,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NaN,
    lowest,
    -lowest,
    1e30,
  );
  expect(bandValidity(data, 'float32', null, null)).toEqual(Uint8Array.of(1, 0, 0, 0, 0, 0, 1));
  const mask = Uint8Array.of(0, 1, 1, 1, 1, 1, 1);
  expect(bandValidity(data, 'float32', null, mask)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 1));
});

test('nodata that went through single precision is recognised', () => {
  expect(bandValidity(Float32Array.of(1e20, 1.0000001e20, 1.1e20), 'float32', 1e20, null)).toEqual(
    Uint8Array.of(0, 0, 1),
  );
  expect(bandValidity(Float64Array.of(Math.fround(1e20), 2), 'float64', 1e20, null)).toEqual(Uint8Array.of(0, 1));
});

test('nodata that the type cannot hold marks nothing', () => {
  expect(usableNodata(-9999, 'uint8')).toBeNull();
  expect(bandValidity(Uint8Array.of(0, 241), 'uint8', -9999, null)).toBeNull();
});
