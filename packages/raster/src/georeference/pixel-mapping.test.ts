import { expect, test } from 'vitest';
import { crsFromEpsg } from './crs.js';
import { hasGdal, runProgram } from '../gdal.test.support.js';
import { pixelMapping } from './pixel-mapping.js';

const utm33 = {
  crs: crsFromEpsg(32633, 'projected'),
  geotransform: [700000, 10, 0, 5100000, 0, -10],
  origin: 'file',
} as const;
const utm34 = {
  crs: crsFromEpsg(32634, 'projected'),
  geotransform: [230000, 20, 0, 5110000, 0, -20],
  origin: 'file',
} as const;

test.skipIf(!hasGdal)('pixels of one image fall on those of another as gdaltransform says', async () => {
  const pixels = [10.5, 20.25, 0, 0, 500, 800];
  const due = runProgram(
    'gdaltransform',
    ['-s_srs', 'EPSG:32633', '-t_srs', 'EPSG:32634', '-output_xy'],
    [0, 1, 2].map((i) => `${700000 + 10 * pixels[2 * i]!} ${5100000 - 10 * pixels[2 * i + 1]!}`).join('\n'),
  )
    .trim()
    .split(/\s+/)
    .map(Number);
  const points = Float64Array.from(pixels);
  (await pixelMapping(utm33, utm34))(points);
  for (let i = 0; i < 3; i++) {
    expect(points[2 * i]).toBeCloseTo((due[2 * i]! - 230000) / 20, 5);
    expect(points[2 * i + 1]).toBeCloseTo((5110000 - due[2 * i + 1]!) / 20, 5);
  }
  (await pixelMapping(utm34, utm33))(points);
  for (const [i, value] of pixels.entries()) expect(points[i]).toBeCloseTo(value, 5);
});

test('without a CRS on one side both share the map', async () => {
  const points = Float64Array.of(4, 6);
  (await pixelMapping({ ...utm33, crs: null }, { ...utm33, geotransform: [700000, 20, 0, 5100000, 0, -20] }))(points);
  expect(Array.from(points)).toEqual([2, 3]);
  const flat = { ...utm33, geotransform: [0, 0, 0, 0, 0, 0] } as const;
  await expect(pixelMapping(utm33, flat)).rejects.toMatchObject({ code: 'invalid-option' });
});
