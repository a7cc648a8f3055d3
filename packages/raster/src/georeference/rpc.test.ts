import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformPoint } from '@tiepoint/geometry';
import { afterAll, describe, expect, test } from 'vitest';
import { openRaster } from '../formats/open-raster.js';
import type { RasterFile } from '../formats/raster-file.js';
import { hasGdal, runOracle, runPython } from '../gdal.test.support.js';
import { bendOf } from './bend.js';
import { pixelToMap } from './geotransform.js';
import { placedOnGround } from './ground-height.js';
import { locateByRpc, projectByRpc, shiftRpc } from './rpc.js';
import { formatRpb, formatRpcText, parseRpcText } from './rpc-text.js';

type Places = readonly (readonly [number, number, number, number])[];

const folder = hasGdal ? mkdtempSync(join(tmpdir(), 'rpc-')) : '';
afterAll(() => (folder ? rm(folder, { recursive: true }) : undefined));
const at = (name: string): string => join(folder, name);

/** How far the georeference of a file puts pixels from where they are due, m. */
function distances({ georeference }: RasterFile, places: Places): number[] {
  const bend = bendOf(georeference!);
  return places.map(([x, y, longitude, latitude]) => {
    const straight = bend === null ? ([x, y] as const) : transformPoint(bend.toStraight, x, y);
    const [u, v] = pixelToMap(georeference!.geotransform, ...straight);
    return Math.hypot((u - longitude) * 78_700, (v - latitude) * 111_100);
  });
}

describe.skipIf(!hasGdal)('images with RPCs', () => {
  const answers = hasGdal ? (JSON.parse(runOracle('rpc.py', folder)) as Readonly<Record<string, Places>>) : {};

  test.each(['tag.tif', 'text.tif', 'rpb.tif', 'pam.tif', 'virtual.vrt'])(
    '%s lies where GDAL puts it',
    async (name) => {
      await using file = await openRaster(at(name));
      expect(file.georeference!.origin).toBe('rpc');
      for (const [x, y, longitude, latitude] of answers['mean']!) {
        const found = locateByRpc(file.georeference!.rpc!, x, y, 300)!;
        expect(found).toEqual([expect.closeTo(longitude, 8), expect.closeTo(latitude, 8)]);
        const back = projectByRpc(file.georeference!.rpc!, ...found, 300);
        expect(back).toEqual([expect.closeTo(x, 5), expect.closeTo(y, 5)]);
      }
      // Pixels of 11 m: the lattice between whose points it is bent is good to a twentieth of one.
      expect(Math.max(...distances(file, answers['mean']!))).toBeLessThan(0.5);
    },
  );

  test('on a DEM it lies on the ground', async () => {
    await using file = await openRaster(at('tag.tif'));
    await using dem = await openRaster(at('dem.tif'));
    const placed = await placedOnGround(file, dem);
    expect(Math.max(...distances(file, answers['ground']!))).toBeGreaterThan(50);
    expect(Math.max(...distances(placed, answers['ground']!))).toBeLessThan(4);
  });

  test('what is written GDAL reads', async () => {
    await using file = await openRaster(at('tag.tif'));
    const moved = shiftRpc(file.georeference!.rpc!, 1.25, -3.5);
    expect(parseRpcText(formatRpb(moved))).toEqual(moved);
    expect(parseRpcText(formatRpcText(moved))).toEqual(moved);
    const code =
      'import sys, json; from osgeo import gdal; print(json.dumps(gdal.Open(sys.argv[1]).GetMetadata("RPC")))';
    for (const [ending, format] of [
      ['_RPC.TXT', formatRpcText],
      ['.RPB', formatRpb],
    ] as const) {
      const name = `again${ending.length}`;
      writeFileSync(at(`${name}.tif`), readFileSync(at('text.tif')));
      writeFileSync(at(`${name}${ending}`), format(moved));
      const read = JSON.parse(runPython(code, at(`${name}.tif`))) as Record<string, string>;
      expect([Number(read['SAMP_OFF']), Number(read['LINE_OFF'])]).toEqual([201.25, 146.5]);
      expect(read['SAMP_NUM_COEFF']!.trim().split(/\s+/).map(Number)).toEqual(moved.sampleNumerator);
    }
  });

  test('damaged RPCs are none', async () => {
    expect(parseRpcText('LINE_OFF: 1\nSAMP_OFF: none')).toBe(null);
    writeFileSync(at('bad.tif'), readFileSync(at('text.tif')));
    writeFileSync(
      at('bad_RPC.TXT'),
      formatRpcText(parseRpcText(readFileSync(at('text_RPC.TXT'), 'utf8'))!).replace(
        'LAT_SCALE: 0.015',
        'LAT_SCALE: 0',
      ),
    );
    await using file = await openRaster(at('bad.tif'));
    expect(file.georeference).toBe(null);
  });
});
