import { describe, expect, it } from 'vitest';
import { syntheticScene } from '../testing/synthetic-scene.js';
import { allocatePatches } from './patches.js';
import { polarGrid, samplePolarPatch, standardisePatch } from './polar-patches.js';
import { createPyramid } from './pyramid.js';

const { rings, directions } = polarGrid;
const area = rings * directions;
const scene = syntheticScene(200, 160, 3);
const pyramid = createPyramid(scene);
const upright = [1, 0, 0, 1] as const;

function patchAt(x: number, y: number, toImage: readonly [number, number, number, number]): Float32Array {
  const patches = allocatePatches(2, directions, rings);
  expect(samplePolarPatch(pyramid, { x, y, toImage, radius: 40 }, patches, 1)).toBe(1);
  standardisePatch(patches, 1);
  expect(patches.data.subarray(0, area).every((v) => v === 0)).toBe(true);
  return patches.data.slice(area);
}

function likeness(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, v, i) => sum + v * b[i]!, 0) / area;
}

describe('polar patches', () => {
  it('lie in rings around their centre, directions from +x towards +y', () => {
    // Grey is x + 1000 y, which bilinear interpolation keeps.
    const data = Float32Array.from(
      { length: 200 * 160 },
      (_, i) => (i % 200) + 0.5 + 1000 * (Math.floor(i / 200) + 0.5),
    );
    const ramp = createPyramid({ width: 200, height: 160, data });
    const patches = allocatePatches(1, directions, rings);
    samplePolarPatch(ramp, { x: 90, y: 80, toImage: upright, radius: 40 }, patches, 0);
    const at = (ring: number, direction: number): number => patches.data[ring * directions + direction]!;
    expect(at(0, 0)).toBeCloseTo(92 + 80_000, 1);
    expect(at(rings - 1, directions / 4)).toBeCloseTo(90 + 120_000, 1);
    expect(at(rings - 1, directions / 2)).toBeCloseTo(50 + 80_000, 1);
  });

  it('move along their columns where the view turns', () => {
    const by = 5;
    const angle = (2 * Math.PI * by) / directions;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const [still, turned] = [patchAt(100, 80, upright), patchAt(100, 80, [c, -s, s, c])];
    const moved = Float32Array.from(still, (_, i) => still[i - (i % directions) + ((i + by) % directions)]!);
    expect(likeness(turned, moved)).toBeGreaterThan(0.999);
    expect(likeness(turned, still)).toBeLessThan(0.9);
  });

  it('have no values beyond the image or where it is masked', () => {
    const patches = allocatePatches(1, directions, rings);
    const place = { x: 3, y: 80, toImage: upright, radius: 40 };
    const share = samplePolarPatch(pyramid, place, patches, 0);
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThan(0.8);
    // Direction −x.
    expect(patches.valid[(rings - 1) * directions + directions / 2]).toBe(0);
    const mask = Uint8Array.from({ length: 200 * 160 }, (_, i) => (i % 200 < 100 ? 1 : 0));
    const masked = createPyramid({ ...scene, mask });
    expect(samplePolarPatch(masked, { ...place, x: 100 }, patches, 0)).toBeLessThan(0.6);
  });
});
