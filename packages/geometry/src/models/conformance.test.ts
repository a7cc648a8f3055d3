import { describe, expect, it } from 'vitest';
import { estimateTransform, fitTransform, type MatrixTransform } from '../index.js';
import { createRandom } from '../random.js';
import { affine } from './matrix-transform.js';
import { models } from './models.js';
import {
  adaptTransform,
  jacobianAt,
  minimalCount,
  modelOf,
  parametersOf,
  type Transform,
  type TransformModel,
  transformModels,
  transformPoint,
} from './transform.js';

const random = createRandom(11);
/** Places of a scene of 400 px. */
const places = Array.from({ length: 240 }, () => [400 * random.uniform(), 400 * random.uniform()] as const);
const source = Float64Array.from(places.flat());
/** What every model follows about: turned, scaled, moved, and bent by three px. */
const target = Float64Array.from(
  places.flatMap(([x, y]) => [
    1.04 * x - 0.06 * y + 13 + 3 * Math.sin(x / 120),
    0.06 * x + 1.04 * y - 8 + 3 * Math.cos(y / 120),
  ]),
);

function fitted(model: TransformModel): Transform {
  return fitTransform({ source, target }, model)!.transform;
}

function distance([a, b]: readonly [number, number], [c, d]: readonly [number, number]): number {
  return Math.hypot(a - c, b - d);
}

it('has every model once, in one list', () => {
  expect(new Set(transformModels).size).toBe(models.length);
  for (const { name, estimation } of models) {
    expect(modelOf(name).name).toBe(name);
    expect(transformModels).toContain(estimation.coarse);
    expect(transformModels).toContain(estimation.via ?? name);
  }
});

describe.each(transformModels)('the model %s', (name) => {
  const model = modelOf(name);
  const transform = fitted(name);

  it('carries its name and is plain data', () => {
    expect(transform.model).toBe(name);
    expect(structuredClone(transform)).toEqual(transform);
  });

  it('has the derivatives of its map', () => {
    const step = 1e-4;
    for (const [x, y] of places.slice(0, 20)) {
      const [a, b, c, d] = jacobianAt(transform, x, y);
      const [right, left] = [transformPoint(transform, x + step, y), transformPoint(transform, x - step, y)];
      const [below, above] = [transformPoint(transform, x, y + step), transformPoint(transform, x, y - step)];
      expect(a).toBeCloseTo((right[0] - left[0]) / (2 * step), 5);
      expect(c).toBeCloseTo((right[1] - left[1]) / (2 * step), 5);
      expect(b).toBeCloseTo((below[0] - above[0]) / (2 * step), 5);
      expect(d).toBeCloseTo((below[1] - above[1]) / (2 * step), 5);
    }
  });

  it('predicts by its basis what it maps to, with the derivatives by the parameters', () => {
    const { basis, normalisation: n, parameters } = fitTransform({ source, target }, name)!;
    const size = basis.parameterCount;
    const predict = (p: Float64Array, x: number, y: number): { at: number[]; rows: Float64Array[] } => {
      const [out, rowX, rowY] = [new Float64Array(2), new Float64Array(size), new Float64Array(size)];
      basis.predict(p, (x - n.sourceX) / n.scale, (y - n.sourceY) / n.scale, out, rowX, rowY);
      return { at: [out[0]! + n.targetX, out[1]! + n.targetY], rows: [rowX, rowY] };
    };
    for (const [x, y] of places.slice(0, 6)) {
      const { at, rows } = predict(parameters, x, y);
      expect(distance(at as [number, number], transformPoint(transform, x, y))).toBeLessThan(1e-7);
      for (const k of [0, size >> 1, size - 1]) {
        const moved = parameters.slice();
        const step = 1e-4;
        moved[k]! += step;
        const next = predict(moved, x, y).at;
        expect((next[0]! - at[0]!) / step).toBeCloseTo(rows[0]![k]!, 1);
        expect((next[1]! - at[1]!) / step).toBeCloseTo(rows[1]![k]!, 1);
      }
    }
  });

  it('is recovered from its own points, also where a third of them are wrong', () => {
    const own = Float64Array.from(places.flatMap(([x, y]) => transformPoint(transform, x, y)));
    const wrong = own.map((v, i) => (Math.floor(i / 2) % 3 === 0 ? v + 20 + 60 * random.uniform() : v));
    const exact = fitTransform({ source, target: own }, name)!.transform;
    const robust = estimateTransform({ source, target: wrong }, { model: name, threshold: 2, seed: 1 })!.transform;
    for (const [x, y] of places.slice(0, 40)) {
      const truth = transformPoint(transform, x, y);
      expect(distance(transformPoint(exact, x, y), truth)).toBeLessThan(0.05);
      expect(distance(transformPoint(robust, x, y), truth)).toBeLessThan(0.5);
    }
  });

  it('needs as many points as it says', () => {
    const first = (count: number) => ({ source: source.slice(0, 2 * count), target: target.slice(0, 2 * count) });
    expect(fitTransform(first(minimalCount(name)), name)).not.toBeNull();
    expect(fitTransform(first(minimalCount(name) - 1), name)).toBeNull();
  });

  it('is adapted to other grids exactly, and back', () => {
    const before: MatrixTransform = affine(2, 0, 13, 0, 2, -8);
    const after: MatrixTransform = affine(3, 0.4, -11, -0.2, 2.5, 6);
    const adapted = adaptTransform(transform, before, after)!;
    const back = adaptTransform(adapted, affine(0.5, 0, -6.5, 0, 0.5, 4), inverse(after))!;
    for (const [x, y] of places.slice(0, 20)) {
      const [u, v] = transformPoint(before, x, y);
      expect(
        distance(transformPoint(adapted, x, y), transformPoint(after, ...transformPoint(transform, u, v))),
      ).toBeLessThan(1e-7);
      expect(distance(transformPoint(back, x, y), transformPoint(transform, x, y))).toBeLessThan(1e-6);
    }
    expect(adaptTransform(transform, affine(1, 2, 0, 1, 2, 0), after)).toBeNull();
  });

  it('survives JSON, and refuses what is not its parameters', () => {
    const stored: unknown = JSON.parse(JSON.stringify(parametersOf(transform)));
    expect(model.parse(stored)).toEqual(transform);
    for (const wrong of [null, 3, 'x', [], {}, [1, 2, 3], { ...(stored as object), origin: [1] }]) {
      expect(model.parse(wrong)).toBeNull();
    }
    // Each value spoilt in turn.
    for (const [key, value] of Object.entries(stored as Record<string, unknown>)) {
      const spoilt = Array.isArray(value) ? value.slice(1) : 'x';
      const copy = Array.isArray(stored) ? stored.with(Number(key), null) : { ...(stored as object), [key]: spoilt };
      expect(model.parse(copy), key).toBeNull();
    }
  });
});

function inverse({ matrix: [a, b, c, d, e, f] }: MatrixTransform): MatrixTransform {
  const det = a * e - b * d;
  return affine(e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det);
}
