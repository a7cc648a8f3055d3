import { createRandom, type Plane } from '@tiepoint/geometry';
import { describe, expect, test } from 'vitest';
import { blobScene } from '../cli/testing/blob-scene.js';
import { withoutCommonStripes } from './common-stripes.js';

const side = 160;
const random = createRandom(8);
const pattern = Float32Array.from({ length: side }, () => 7 * random.normal());
const scene = (seed: number, stripe: (x: number, y: number) => number): Plane => ({
  width: side,
  height: side,
  data: blobScene(side, side, seed).map((v, i) => v + stripe(i % side, Math.floor(i / side))),
});
const none = (): number => 0;

/** How much of the pattern a plane has beyond what its scene has: 1 where all of it. */
function shareOfPattern({ data }: Plane, clean: Plane, place: (i: number) => number): number {
  let [both, own] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const value = pattern[place(i)]!;
    both += (data[i]! - clean.data[i]!) * value;
    own += value ** 2;
  }
  return both / own;
}

describe('stripes that both files carry', () => {
  test.each(['columns', 'rows'] as const)('along %s are found in other ground and taken out', (axis) => {
    const stripe = (x: number, y: number): number => pattern[axis === 'columns' ? x : y]!;
    const [a, b] = [scene(1, stripe), scene(2, stripe)];
    const found = withoutCommonStripes(a, b);
    expect(found.stripes).toEqual([axis]);
    const place = (i: number): number => (axis === 'columns' ? i % side : Math.floor(i / side));
    expect(shareOfPattern(a, scene(1, none), place)).toBeCloseTo(1);
    expect(Math.abs(shareOfPattern(found.reference, scene(1, none), place))).toBeLessThan(0.4);
    expect(Math.abs(shareOfPattern(found.sensed, scene(2, none), place))).toBeLessThan(0.4);
  });

  test('are not seen where there are none, the images are the same, or only one has them', () => {
    const striped = scene(1, (x) => pattern[x]!);
    expect(withoutCommonStripes(scene(1, none), scene(2, none)).stripes).toEqual([]);
    expect(withoutCommonStripes(striped, scene(2, none)).stripes).toEqual([]);
    const plain = scene(1, none);
    // Of one camera, as visible and near infrared are: what columns of the same ground share is no stripe.
    const alike = { ...plain, data: plain.data.map((v) => 40 + 0.7 * v) };
    expect(withoutCommonStripes(plain, alike).stripes).toEqual([]);
    expect(
      withoutCommonStripes(
        striped,
        scene(2, (x) => pattern[(x + 50) % side]!),
      ).stripes,
    ).toEqual([]);
    expect(withoutCommonStripes(plain, scene(2, none)).reference).toBe(plain);
  });

  test('of images without data in places are those of what is there', () => {
    const mask = Uint8Array.from({ length: side * side }, (_, i) => ((i % side) + Math.floor(i / side) > 90 ? 1 : 0));
    const masked = (plane: Plane): Plane => ({
      ...plane,
      mask,
      data: plane.data.map((v, i) => (mask[i] === 1 ? v : NaN)),
    });
    const found = withoutCommonStripes(
      masked(scene(1, (x) => pattern[x]!)),
      scene(2, (x) => pattern[x]!),
    );
    expect(found.stripes).toEqual(['columns']);
    expect(found.reference.data.some((v, i) => mask[i] === 1 && Number.isNaN(v))).toBe(false);
  });
});
