import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openRaster } from '../formats/open-raster.js';
import { writeGeoTiff } from '../formats/geotiff/write/write-geotiff.js';
import { hasGdal, runPython } from '../gdal.test.support.js';
import { pixelToMap } from './geotransform.js';
import { parseDimapRpc } from './dimap-rpc.js';

const folder = mkdtempSync(join(tmpdir(), 'dimap-'));
afterAll(() => rmSync(folder, { recursive: true }));

const coefficients: Readonly<Record<string, readonly number[]>> = {
  SAMP_NUM_COEFF: [0.001, 1.01],
  SAMP_DEN_COEFF: [1],
  LINE_NUM_COEFF: [0.002, 0, -1.02],
  LINE_DEN_COEFF: [1],
};
const model = Object.entries(coefficients)
  .flatMap(([name, values]) =>
    Array.from({ length: 20 }, (_, i) => `<${name}_${i + 1}>${values[i] ?? 0}</${name}_${i + 1}>`),
  )
  .join('\n');
const values = {
  LONG_SCALE: 0.0045,
  LONG_OFF: 12,
  LAT_SCALE: 0.0022,
  LAT_OFF: 45,
  HEIGHT_SCALE: 500,
  HEIGHT_OFF: 300,
  SAMP_SCALE: 31,
  SAMP_OFF: 30,
  LINE_SCALE: 24,
  LINE_OFF: 23,
};
const validity = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`);
// The model the other way round stands there too, and is not meant.
const xml = `<?xml version="1.0"?><Dimap_Document><Rational_Function_Model><Global_RFM><Direct_Model><SAMP_NUM_COEFF_1>99</SAMP_NUM_COEFF_1></Direct_Model><Inverse_Model>${model}</Inverse_Model><RFM_Validity>${validity.join('')}</RFM_Validity></Global_RFM></Rational_Function_Model></Dimap_Document>`;
const dimensions =
  '<Dimap_Document><Regular_Tiling><NTILES_SIZE ncols="64" nrows="48"/></Regular_Tiling></Dimap_Document>';

async function write(name: string): Promise<string> {
  const path = join(folder, name);
  await writeGeoTiff(path, { width: 64, height: 48, dataType: 'uint8', bands: [new Uint8Array(64 * 48).fill(9)] });
  return path;
}

test('Pléiades and SPOT images are placed by the RPCs of RPC_*.XML, whose pixels count from 1, and their tiles too', async () => {
  const [first, tile] = [await write('IMG_PHR1A_MS_1_R1C1.TIF'), await write('IMG_PHR1A_MS_1_R2C3.TIF')];
  writeFileSync(join(folder, 'RPC_PHR1A_MS_1.XML'), xml);
  await using whole = await openRaster(first);
  const place = whole.georeference!;
  // Pixel centres where the model has them: sample = 29 + 31 · (0.001 + 1.01 · (lon − 12) / 0.0045).
  const [x, y] = [29 + 31 * 0.001 + 0.5, 22 + 24 * 0.002 + 0.5];
  const [lon, lat] = pixelToMap(place.geotransform, x, y);
  expect([lon, lat]).toEqual([expect.closeTo(12, 8), expect.closeTo(45, 8)]);
  await using unknown = await openRaster(tile);
  expect(unknown.georeference).toBe(null);
  expect(unknown.warnings.join()).toMatch(/tile .*DIM_PHR1A_MS_1\.XML/);
  writeFileSync(join(folder, 'DIM_PHR1A_MS_1.XML'), dimensions);
  await using known = await openRaster(tile);
  const [tileLon, tileLat] = pixelToMap(known.georeference!.geotransform, 0, 0);
  const [dueLon, dueLat] = pixelToMap(place.geotransform, 2 * 64, 48);
  expect([tileLon, tileLat]).toEqual([expect.closeTo(dueLon, 7), expect.closeTo(dueLat, 7)]);
});

test.skipIf(!hasGdal)('as GDAL reads them', async () => {
  const path = await write('IMG_SPOT7_MS_1_R1C1.TIF');
  writeFileSync(join(folder, 'RPC_SPOT7_MS_1.XML'), xml);
  const code = 'import sys, json; from osgeo import gdal; print(json.dumps(gdal.Open(sys.argv[1]).GetMetadata("RPC")))';
  const due = JSON.parse(runPython(code, path)) as Record<string, string>;
  const rpc = parseDimapRpc(readFileSync(join(folder, 'RPC_SPOT7_MS_1.XML'), 'utf8'))!;
  expect([rpc.lineOffset, rpc.sampleOffset, rpc.latitudeOffset, rpc.heightScale]).toEqual(
    ['LINE_OFF', 'SAMP_OFF', 'LAT_OFF', 'HEIGHT_SCALE'].map((name) => Number(due[name])),
  );
  expect(rpc.lineNumerator).toEqual(due['LINE_NUM_COEFF']!.trim().split(/\s+/).map(Number));
  expect(rpc.sampleDenominator).toEqual(due['SAMP_DEN_COEFF']!.trim().split(/\s+/).map(Number));
});
