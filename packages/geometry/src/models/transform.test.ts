import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  affine,
  affineFromGeotransform,
  applyTransform,
  composeTransforms,
  fitTransform,
  geotransformFromAffine,
  identity,
  inverseTransformPoint,
  invertTransform,
  jacobianAt,
  type MatrixTransform,
  type PolynomialTransform,
  projective,
  similarity,
  type TpsTransform,
  type Transform,
  transformPoint,
  translation,
} from '../index.js';

const coordinate = fc.double({ min: -1000, max: 1000, noNaN: true });
const small = fc.double({ min: -0.3, max: 0.3, noNaN: true });

const matrixTransform: fc.Arbitrary<MatrixTransform> = fc.oneof(
  fc.tuple(coordinate, coordinate).map(([dx, dy]) => translation(dx, dy)),
  fc
    .tuple(
      fc.double({ min: 0.3, max: 3, noNaN: true }),
      fc.double({ min: -4, max: 4, noNaN: true }),
      coordinate,
      coordinate,
    )
    .map(([s, r, dx, dy]) => similarity(s, r, dx, dy)),
  fc
    .tuple(small, small, coordinate, small, small, coordinate)
    .map(([a, b, c, d, e, f]) => affine(1 + a, b, c, d, 1 + e, f)),
  fc
    .tuple(small, small, coordinate, small, small, coordinate, small, small)
    .map(([a, b, c, d, e, f, g, h]) => projective([1 + a, b, c, d, 1 + e, f, g / 1000, h / 1000, 1])),
);

const polynomial: PolynomialTransform = {
  model: 'polynomial3',
  origin: [256, 200],
  scale: 150,
  coefficientsX: [300, 160, 5, 4, -2, 1, 1.5, -1, 0.5, 0.3],
  coefficientsY: [180, -6, 155, 1, 2, -3, -0.4, 0.6, 1.1, -0.8],
};

function bentSpline(): TpsTransform {
  const source: number[] = [];
  const target: number[] = [];
  for (let y = 0; y <= 400; y += 80) {
    for (let x = 0; x <= 500; x += 100) {
      source.push(x, y);
      target.push(x + 20 + 5 * Math.sin(x / 90), y - 10 + 4 * Math.cos(y / 70 + x / 200));
    }
  }
  const fit = fitTransform(
    { source: Float64Array.from(source), target: Float64Array.from(target) },
    'tps',
    undefined,
    1e-6,
  );
  return fit!.transform as TpsTransform;
}

/** Central differences. */
function differences(t: Transform, x: number, y: number): number[] {
  const h = 1e-3;
  const [x1, y1] = transformPoint(t, x + h, y);
  const [x0, y0] = transformPoint(t, x - h, y);
  const [x3, y3] = transformPoint(t, x, y + h);
  const [x2, y2] = transformPoint(t, x, y - h);
  return [(x1 - x0) / (2 * h), (x3 - x2) / (2 * h), (y1 - y0) / (2 * h), (y3 - y2) / (2 * h)];
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(tolerance));
}

describe('matrix transforms', () => {
  it('are undone by their inverse', () => {
    fc.assert(
      fc.property(matrixTransform, coordinate, coordinate, (t, x, y) => {
        const [, , , , , , g, h, w] = t.matrix;
        fc.pre(g * x + h * y + w > 0.2);
        const inverse = invertTransform(t);
        fc.pre(inverse !== null);
        const [X, Y] = transformPoint(t, x, y);
        expectClose(transformPoint(inverse!, X, Y), [x, y], 1e-6);
        expectClose(inverseTransformPoint(t, X, Y)!, [x, y], 1e-6);
      }),
    );
  });

  it('compose as functions do, the inner one first', () => {
    fc.assert(
      fc.property(matrixTransform, matrixTransform, coordinate, coordinate, (outer, inner, x, y) => {
        const w = (t: MatrixTransform, px: number, py: number): number => t.matrix[6] * px + t.matrix[7] * py + 1;
        const [px, py] = transformPoint(inner, x, y);
        fc.pre(w(inner, x, y) > 0.3 && w(outer, px, py) > 0.3);
        const [X, Y] = transformPoint(outer, px, py);
        expectClose(
          transformPoint(composeTransforms(outer, inner), x, y),
          [X, Y],
          1e-6 * Math.max(1, Math.abs(X), Math.abs(Y)),
        );
      }),
    );
  });

  it('keep the name of the more general model in a composition', () => {
    expect(composeTransforms(translation(1, 2), similarity(1, 0.1, 0, 0)).model).toBe('similarity');
    expect(composeTransforms(identity, identity).model).toBe('translation');
  });

  it('turn clockwise on the screen by a positive angle, since y points down', () => {
    expectClose(transformPoint(similarity(2, Math.PI / 2, 0, 0), 1, 0), [0, 2], 1e-12);
  });

  it('read a GDAL geotransform as pixel corner to map', () => {
    const geotransform = [500000, 10, 0, 4600000, 0, -10] as const;
    const t = affineFromGeotransform(geotransform);
    expect(transformPoint(t, 0, 0)).toEqual([500000, 4600000]);
    expect(transformPoint(t, 0.5, 0.5)).toEqual([500005, 4599995]);
    expect(geotransformFromAffine(t)).toEqual(geotransform);
    expect(geotransformFromAffine(projective([1, 0, 0, 0, 1, 0, 0.001, 0, 1]))).toBeNull();
  });

  it('have no inverse where they are singular', () => {
    expect(invertTransform(affine(1, 2, 0, 2, 4, 0))).toBeNull();
    expect(inverseTransformPoint(affine(1, 2, 0, 2, 4, 0), 3, 3)).toBeNull();
  });
});

describe('every transform', () => {
  const transforms: [string, Transform][] = [
    ['affine', affine(1.1, 0.2, 30, -0.1, 0.9, 12)],
    ['projective', projective([1.1, 0.2, 30, -0.1, 0.9, 12, 0.0002, -0.0001, 1])],
    ['polynomial', polynomial],
    ['spline', bentSpline()],
  ];
  it.each(transforms)('%s: the Jacobian agrees with differences', (_, t) => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 500, noNaN: true }),
        fc.double({ min: 0, max: 400, noNaN: true }),
        (x, y) => {
          expectClose(jacobianAt(t, x, y), differences(t, x, y), 1e-5);
        },
      ),
    );
  });
  it.each(transforms)('%s: Newton finds the point that maps to a target', (_, t) => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 500, noNaN: true }),
        fc.double({ min: 0, max: 400, noNaN: true }),
        (x, y) => {
          const [X, Y] = transformPoint(t, x, y);
          const back = inverseTransformPoint(t, X, Y);
          expect(back).not.toBeNull();
          expectClose(back!, [x, y], 1e-6);
        },
      ),
    );
  });
  it.each(transforms)('%s: maps arrays as it maps points, in place too', (_, t) => {
    const points = Float64Array.of(3, 4, 100, 250, 480.5, 20);
    const out = applyTransform(t, points);
    for (let i = 0; i < points.length; i += 2) {
      expectClose([out[i]!, out[i + 1]!], transformPoint(t, points[i]!, points[i + 1]!), 1e-9);
    }
    applyTransform(t, points, points);
    expect(points).toEqual(out);
  });
});
