import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createGeoTiff, openRaster, warp } from '../index.js';

const folder = mkdtempSync(join(tmpdir(), 'tiepoint-validity-'));
const sensedToReference = { model: 'affine', matrix: [1, 0, 4, 0, 1, 0, 0, 0, 1] } as const;
const reference = { width: 16, height: 16, georeference: null };

async function warped(name: string, type: 'uint8' | 'float32', nodata: number | null, bands: number[][]) {
  const path = join(folder, `${name}.tif`);
  const shape = { width: 16, height: 16, bandCount: bands.length, dataType: type, nodata, rgb: false };
  await using writer = await createGeoTiff(path, shape);
  const data = bands.map((b) => (type === 'uint8' ? Uint8Array.from(b) : Float32Array.from(b)));
  await writer.write({ rows: 16, data });
  await writer.finish();
  await using source = await openRaster(path);
  const output = join(folder, `${name}-out.tif`);
  await warp(source, output, { sensedToReference, reference, resampling: 'nearest', threads: 0 });
  await using file = await openRaster(output);
  return { kind: file.maskKind, ...(await file.readWindow()) };
}

test('nodata that the type cannot hold leaves uncovered ground to a mask', async () => {
  const { kind, mask } = await warped('impossible', 'uint8', -9999, [Array<number>(256).fill(7)]);
  expect(kind).toBe('mask');
  expect([...mask!.subarray(0, 6)]).toEqual([0, 0, 0, 0, 1, 1]);
});

test('a gap in one band stays a gap in that band', async () => {
  const gap = Array<number>(256).fill(3);
  gap[2] = Number.NaN;
  const { data, mask } = await warped('gap', 'float32', null, [Array<number>(256).fill(2), gap]);
  expect([...data[0]!.subarray(3, 8)]).toEqual([0, 2, 2, 2, 2]);
  expect([...data[1]!.subarray(3, 8)]).toEqual([0, 3, 3, Number.NaN, 3]);
  expect(mask![6]).toBe(1);
});
