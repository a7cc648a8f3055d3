import { similarity, translation } from '@tiepoint/geometry';
import { crsFromEpsg } from '@tiepoint/raster';
import { expect, it } from 'vitest';
import { footprintOf } from './footprint.js';

const size = { width: 100, height: 80 };
const geotransform: [number, number, number, number, number, number] = [10, 0.01, 0, 50, 0, -0.01];
const reference = {
  ...size,
  georeference: { crs: crsFromEpsg(4326, 'geographic'), geotransform, origin: 'file' as const },
};

it('is a closed ring, counterclockwise, of where the sensed image lies', async () => {
  const ring = (await footprintOf(reference, size, translation(20, 10)))!;
  expect(ring[0]).toEqual(ring.at(-1));
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
  expect([Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)].map((v) => v.toFixed(6))).toEqual(
    [10.2, 11.2, 49.1, 49.9].map((v) => v.toFixed(6)),
  );
  const twice = ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i]![0] * y - x * ring[i]![1], 0);
  expect(twice / 2).toBeCloseTo(0.8, 6);
});

it('ends with the grid that the image was warped onto', async () => {
  const ring = (await footprintOf(reference, size, similarity(1, 0.1, 20, 10), reference))!;
  expect(Math.max(...ring.map(([x]) => x))).toBeCloseTo(11, 6);
  expect(Math.min(...ring.map(([, y]) => y))).toBeCloseTo(49.2, 6);
  expect(await footprintOf(reference, size, translation(200, 0), reference)).toBeNull();
  expect(await footprintOf({ georeference: null }, size, translation(0, 0))).toBeNull();
});
