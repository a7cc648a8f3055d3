import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasGdal, runOracle } from '../../gdal.test.support.js';
import { openRaster } from '../open-raster.js';
import type { CfDataset, CfValue, CfVariable } from './cf-dataset.js';
import { openCf } from './cf-raster.js';

interface Answer {
  readonly file: string;
  readonly variable: string;
  readonly due: string;
  readonly bands: number;
  readonly size: readonly [number, number];
  readonly geotransform: readonly number[] | null;
  readonly epsg: string;
  readonly scale: number;
  readonly offset: number;
}

const folder = mkdtempSync(join(tmpdir(), 'cf-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasGdal)('NetCDF and Zarr read as GDAL reads them', () => {
  const answers = hasGdal ? (JSON.parse(runOracle('netcdf.py', folder)) as Answer[]) : [];

  test.each(answers)('$variable of $file', async ({ file: name, variable, due, bands, size, ...said }) => {
    await using file = await openRaster(`${join(folder, name)}#${variable}`);
    expect([file.bands.length, file.width, file.height]).toEqual([bands, ...size]);
    expect(file.bands[0]).toMatchObject({ scale: said.scale, offset: said.offset });
    expect(file.georeference!.geotransform).toEqual(said.geotransform!.map((v) => expect.closeTo(v, 6)));
    expect(file.georeference!.crs!.code).toBe(`EPSG:${said.epsg}`);
    const bytes = readFileSync(join(folder, `${due}.bin`));
    const samples = new Float64Array(new Uint8Array(bytes).buffer);
    const { data } = await file.readWindow();
    expect(data.flatMap((plane) => Array.from(plane))).toEqual(Array.from(samples));
    // A window is the same part of the image.
    const window = { x: 7, y: 11, width: 40, height: 30 };
    const part = await file.readWindow({ window, bands: [bands] });
    const last = (bands - 1) * size[0] * size[1];
    expect(part.data[0]![3 * 40 + 5]).toBe(samples[last + (window.y + 3) * size[0] + window.x + 5]);
    // By the name that it gives it is opened again.
    await using again = await openRaster(file.location!);
    expect(again.name).toBe(file.name);
  });

  test('without a name the variables on the first grid and of its type are bands, others are named', async () => {
    await using file = await openRaster(join(folder, 'hdf5.nc'));
    const names = file.bands.map(({ name }) => name);
    const isHeight = names[0] === 'height';
    expect(names).toEqual(isHeight ? ['height'] : ['temperature time=1', 'temperature time=2', 'temperature time=3']);
    expect(file.warnings.join()).toContain(isHeight ? 'temperature' : 'height');
    await expect(openRaster(join(folder, 'classic.nc'), { band: 'wind' })).rejects.toMatchObject({
      code: 'no-such-band',
      hint: expect.stringContaining('temperature'),
    });
    // Bytes have no path that the library could open.
    await using bytes = await openRaster(new Uint8Array(readFileSync(join(folder, 'hdf5.nc'))), { band: 'height' });
    expect(bytes.bands).toHaveLength(1);
  });
});

test('Zarr of version 3, as its specification has it', async () => {
  const store = join(folder, 'three.zarr');
  const values = Float32Array.from({ length: 6 * 8 }, (_, i) => i / 4);
  const array = (shape: number[], chunks: number[], type: string, more: object): string =>
    JSON.stringify({
      zarr_format: 3,
      node_type: 'array',
      shape,
      data_type: type,
      chunk_grid: { name: 'regular', configuration: { chunk_shape: chunks } },
      chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
      codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
      fill_value: 0,
      attributes: {},
      ...more,
    });
  const put = (path: string, content: string | Uint8Array): void => {
    mkdirSync(join(store, path, '..'), { recursive: true });
    writeFileSync(join(store, path), content);
  };
  const bytes = (numbers: Float64Array | Float32Array): Uint8Array => new Uint8Array(numbers.buffer);
  put('zarr.json', JSON.stringify({ zarr_format: 3, node_type: 'group', attributes: {} }));
  const attributes = { grid_mapping: 'spatial_ref' };
  put('red/zarr.json', array([6, 8], [4, 8], 'float32', { dimension_names: ['y', 'x'], attributes }));
  put('red/c/0/0', bytes(values.slice(0, 32)));
  put('red/c/1/0', bytes(Float32Array.from([...values.slice(32), ...new Float32Array(16)])));
  put('x/zarr.json', array([8], [8], 'float64', { dimension_names: ['x'] }));
  put('x/c/0', bytes(Float64Array.from({ length: 8 }, (_, i) => 600_005 + 10 * i)));
  put('y/zarr.json', array([6], [6], 'float64', { dimension_names: ['y'] }));
  put('y/c/0', bytes(Float64Array.from({ length: 6 }, (_, i) => 4_999_995 - 10 * i)));
  // As rioxarray writes it.
  const mapping = { grid_mapping_name: 'transverse_mercator', latitude_of_projection_origin: 0 };
  const more = {
    longitude_of_central_meridian: 15,
    scale_factor_at_central_meridian: 0.9996,
    false_easting: 500_000,
    false_northing: 0,
  };
  put('spatial_ref/zarr.json', array([], [], 'int64', { attributes: { ...mapping, ...more } }));
  await using file = await openRaster(store);
  expect([file.format, file.bands[0]!.name]).toEqual(['Zarr', 'red']);
  expect(file.georeference!.geotransform).toEqual([600_000, 10, 0, 5_000_000, 0, -10]);
  expect(file.georeference!.crs!.definition).toMatch(/\+proj=tmerc .*\+lon_0=15 \+k=0.9996 \+x_0=500000/);
  const { data } = await file.readWindow();
  expect(Array.from(data[0]!)).toEqual(Array.from(values));
  expect(Array.from((await file.readWindow({ window: { x: 1, y: 3, width: 2, height: 2 } })).data[0]!)).toEqual([
    values[25],
    values[26],
    values[33],
    values[34],
  ]);
});

/** A dataset in memory, as an instrument on a geostationary satellite writes it. */
function geostationary(): CfDataset {
  const size = 10;
  const variable = (
    name: string,
    dimensions: readonly string[],
    attributes: Record<string, CfValue>,
    samples: Int16Array,
  ): CfVariable => ({
    name,
    dimensions: dimensions.map((one) => ({ name: one, size })),
    attributes: new Map(Object.entries(attributes)),
    dataType: 'int16',
    blockHeight: 1,
    read: async (start, count) => {
      if (dimensions.length === 1) return samples.slice(start[0], start[0]! + count[0]!);
      const rows = Array.from({ length: count[0]! }, (_, row) => {
        const from = (start[0]! + row) * size + start[1]!;
        return Array.from(samples.subarray(from, from + count[1]!));
      });
      return Int16Array.from(rows.flat());
    },
  });
  const steps = Int16Array.from({ length: size }, (_, i) => i);
  const angle = { units: 'rad', scale_factor: 5.6e-5 };
  return {
    format: 'netCDF',
    name: 'view.nc',
    location: null,
    attributes: new Map(),
    turnsRows: true,
    compression: 'none',
    close: async () => {},
    variables: [
      variable('x', ['x'], { ...angle, add_offset: -0.1 }, steps),
      variable('y', ['y'], { ...angle, scale_factor: -5.6e-5, add_offset: 0.12 }, steps),
      variable(
        'projection',
        [],
        {
          grid_mapping_name: 'geostationary',
          perspective_point_height: 35_786_023,
          longitude_of_projection_origin: -75,
          sweep_angle_axis: 'x',
          semi_major_axis: 6_378_137,
          semi_minor_axis: 6_356_752.31414,
        },
        steps,
      ),
      variable(
        'radiance',
        ['y', 'x'],
        { grid_mapping: 'projection', _Unsigned: 'true', _FillValue: -1 },
        Int16Array.from({ length: size * size }, (_, i) => (i === 0 ? -1 : i === 1 ? -2 : i)),
      ),
    ],
  };
}

test('angles of a geostationary view become metres, and unsigned samples what they mean', async () => {
  const content = await openCf(geostationary(), { beside: null });
  const [info] = content.pixels.bands;
  expect(info).toMatchObject({ name: 'radiance', dataType: 'uint16', nodata: 65_535 });
  const { data } = await content.pixels.read(0, [0], { x: 0, y: 0, width: 10, height: 1 }, undefined);
  expect(Array.from(data[0]!.subarray(0, 3))).toEqual([65_535, 65_534, 2]);
  const height = 35_786_023;
  const [x, a, , y, , e] = content.georeference!.geotransform;
  expect([x, a, y, e]).toEqual([
    expect.closeTo((-0.1 - 2.8e-5) * height, 3),
    expect.closeTo(5.6e-5 * height, 6),
    expect.closeTo((0.12 + 2.8e-5) * height, 3),
    expect.closeTo(-5.6e-5 * height, 6),
  ]);
  expect(content.georeference!.crs!.definition).toContain('+proj=geos +h=35786023 +lon_0=-75 +sweep=x');
});
