import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crsFromEpsg } from '../../georeference/crs.js';
import type { Georeference } from '../../georeference/georeference.js';
import { hasGdal } from '../../gdal.test.support.js';
import { openRaster } from '../open-raster.js';
import type { RasterFile } from '../raster-file.js';
import { coverByTiles } from './cover-by-tiles.js';
import { parseTileName, tileUrl } from './tile-name.js';

let server: Server;
let host = '';
let asked: string[] = [];
let troubles = 0;

/** What a pixel of the whole zoom holds: its place. */
function valueAt(x: number, y: number, band: number): number {
  return band === 0 ? x % 251 : band === 1 ? y % 241 : (x + y) % 239;
}

async function tile(column: number, row: number): Promise<Buffer> {
  const data = Uint8Array.from({ length: 256 * 256 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return valueAt(column * 256 + (pixel % 256), row * 256 + Math.floor(pixel / 256), i % 3);
  });
  return sharp(data, { raw: { width: 256, height: 256, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url!);
    const [, column, row] = /^\/\d+\/(\d+)\/(\d+)\.png/.exec(request.url!) ?? [];
    const answer = async (): Promise<void> => {
      if (request.url === '/wmts.xml') response.end(capabilities);
      else if (row === undefined || column === '17') response.writeHead(404).end();
      else if (troubles-- > 0) response.writeHead(503).end();
      else response.end(await tile(Number(column), Number(row)));
    };
    void answer();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const capabilities = `<?xml version="1.0"?><Capabilities xmlns:ows="http://www.opengis.net/ows/1.1"><Contents>
<Layer><ows:Title>Photos</ows:Title><ows:Identifier>photo</ows:Identifier><Style isDefault="true"><ows:Identifier>plain</ows:Identifier></Style>
<Format>image/png</Format><TileMatrixSetLink><TileMatrixSet>local</TileMatrixSet></TileMatrixSetLink><TileMatrixSetLink><TileMatrixSet>web</TileMatrixSet></TileMatrixSetLink>
<Dimension><ows:Identifier>Time</ows:Identifier><Default>2024</Default></Dimension>
<ResourceURL format="image/png" resourceType="tile" template="http://host/{Style}/{TileMatrixSet}/{Time}/{TileMatrix}/{TileRow}/{TileCol}.png?a=1&amp;b=2"/></Layer>
<Layer><ows:Identifier>other</ows:Identifier><TileMatrixSetLink><TileMatrixSet>local</TileMatrixSet></TileMatrixSetLink>
<ResourceURL format="image/png" resourceType="tile" template="http://host/{TileMatrix}/{TileRow}/{TileCol}.png"/></Layer>
<TileMatrixSet><ows:Identifier>local</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::31256</ows:SupportedCRS>
<TileMatrix><ows:Identifier>0</ows:Identifier><ScaleDenominator>559082264.0287178</ScaleDenominator><TopLeftCorner>-20037508.34 20037508.34</TopLeftCorner></TileMatrix></TileMatrixSet>
<TileMatrixSet><ows:Identifier>web</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG:6.18:3:3857</ows:SupportedCRS>
<TileMatrix><ows:Identifier>z3</ows:Identifier><ScaleDenominator>69885283.00358972</ScaleDenominator><TopLeftCorner>-20037508.3428 20037508.3428</TopLeftCorner></TileMatrix></TileMatrixSet>
</Contents></Capabilities>`;

/** An image of which only its place is asked. */
function imageAt(georeference: Georeference | null, width: number, height: number): RasterFile {
  return { name: 'sensed.tif', width, height, georeference } as RasterFile;
}

const austria: Georeference = {
  crs: crsFromEpsg(32633, 'projected'),
  geotransform: [600_000, 300, 0, 5_350_000, 0, -300],
  origin: 'file',
};

/** Runs GDAL while the server of this process answers it. */
function runGdal(code: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('/usr/bin/python3', ['-c', code, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
    child.on('close', (status) => (status === 0 ? resolve(text) : reject(new Error(`GDAL ended with ${status}`))));
  });
}

describe('a map of tiles', () => {
  test('covers an image, with some ground around it, at a zoom as fine', async () => {
    asked = [];
    const name = await coverByTiles(`xyz:${host}/{z}/{x}/{y}.png?key=SECRET`, imageAt(austria, 300, 200));
    await using file = await openRaster(name);
    // Pixels of 300 m at 48° north take about 450 m of Web Mercator, and zoom 8 has 611, zoom 9 306.
    expect(file.compression).toMatch(/zoom [89]$/);
    expect(asked).toHaveLength(1);
    expect(JSON.stringify([file.name, file.location])).not.toContain('SECRET');
    const { geotransform } = file.georeference!;
    const [west, east] = [geotransform[0], geotransform[0] + file.width * geotransform[1]];
    // 16.34° to 17.6° east.
    expect(west).toBeLessThan(1_819_000);
    expect(west).toBeGreaterThan(1_780_000);
    expect(east).toBeGreaterThan(1_950_000);
    expect(east).toBeLessThan(2_010_000);
  });

  test.skipIf(!hasGdal)('lies where GDAL has it, and holds what GDAL reads', async () => {
    const part = 'zoom=5&window=4200,2750,700,300&tile=256';
    await using file = await openRaster(`xyz:${host}/{z}/{x}/{y}.png#${part}`);
    const code = `import sys, json
from osgeo import gdal
gdal.UseExceptions()
ds = gdal.Open('<GDAL_WMS><Service name="TMS"><ServerUrl>' + sys.argv[1] + '/\${z}/\${x}/\${y}.png</ServerUrl></Service><DataWindow><UpperLeftX>-20037508.342789244</UpperLeftX><UpperLeftY>20037508.342789244</UpperLeftY><LowerRightX>20037508.342789244</LowerRightX><LowerRightY>-20037508.342789244</LowerRightY><TileLevel>5</TileLevel><TileCountX>1</TileCountX><TileCountY>1</TileCountY><YOrigin>top</YOrigin></DataWindow><Projection>EPSG:3857</Projection><BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY><BandsCount>3</BandsCount><ZeroBlockHttpCodes>404</ZeroBlockHttpCodes></GDAL_WMS>')
g = ds.GetGeoTransform()
print(json.dumps([g[0] + 4200 * g[1], g[1], g[3] + 2750 * g[5], [int(v) for v in ds.GetRasterBand(2).ReadAsArray(4200, 2750, 700, 300)[::50, ::50].ravel()]]))`;
    const [west, pixel, north, samples] = JSON.parse(await runGdal(code, host)) as [number, number, number, number[]];
    const { geotransform } = file.georeference!;
    expect(geotransform[0]).toBeCloseTo(west, 4);
    expect(geotransform[1]).toBeCloseTo(pixel, 6);
    expect(geotransform[3]).toBeCloseTo(north, 4);
    const { data, mask } = await file.readWindow({ bands: [2] });
    const read = samples.map((_, i) => data[0]![Math.floor(i / 14) * 50 * 700 + (i % 14) * 50]!);
    expect(read).toEqual(samples);
    // Column 17 has no tiles: from pixel 4352 to 4608.
    expect([151, 152, 407, 408].map((x) => mask![x])).toEqual([1, 0, 0, 1]);
  });

  test('is asked again where its server has too much to do, and once a tile', async () => {
    troubles = 2;
    asked = [];
    await using file = await openRaster(`xyz:${host}/{z}/{x}/{y}.png#zoom=4&window=300,300,400,100&tile=256`);
    const first = await file.readWindow();
    expect(first.data[2]![0]).toBe(valueAt(300, 300, 2));
    await file.readWindow({ window: { x: 10, y: 10, width: 50, height: 50 } });
    expect(asked).toHaveLength(4);
  });

  test('refuses what would be too much, or has no place', async () => {
    const template = `xyz:${host}/{z}/{x}/{y}.png`;
    await expect(coverByTiles(template, imageAt(austria, 300, 200), { zoom: 19 })).rejects.toMatchObject({
      code: 'image-too-large',
      hint: expect.stringMatching(/--zoom 1\d/),
    });
    await expect(coverByTiles(template, imageAt(null, 300, 200))).rejects.toMatchObject({ code: 'no-georeference' });
    await expect(openRaster(template)).rejects.toMatchObject({ code: 'invalid-option' });
    for (const name of ['xyz:/data/{z}/{x}/{y}.png', 'xyz:https://host/{z}/{x}.png', `${template}#zoom=40`]) {
      await expect(openRaster(name)).rejects.toMatchObject({ code: 'invalid-option' });
    }
    await using missing = await openRaster(`xyz:${host}/no{z}/{x}/{y}.png#zoom=4&window=0,0,10,10&tile=256`);
    expect((await missing.readWindow()).mask!.every((one) => one === 0)).toBe(true);
  });

  test('of a WMTS is that of its layer', async () => {
    const { templateOfWmts } = await import('./wmts.js');
    expect(await templateOfWmts(`wmts:${host}/wmts.xml#photo`, {})).toBe(
      'xyz:http://host/plain/web/2024/z{z}/{y}/{x}.png?a=1&b=2',
    );
    await expect(templateOfWmts(`wmts:${host}/wmts.xml`, {})).rejects.toMatchObject({
      hint: expect.stringContaining('photo, other'),
    });
    await expect(templateOfWmts(`wmts:${host}/wmts.xml#other`, {})).rejects.toThrow(/Web Mercator/);
  });
});

test('addresses of tiles go around the Earth, and from the south where they say so', () => {
  expect(parseTileName('xyz:https://host/{z}/{x}/{-y}.png').part).toBeNull();
  expect(tileUrl('https://host/{z}/{x}/{-y}.png', 3, -1, 0)).toBe('https://host/3/7/7.png');
  expect(tileUrl('https://host/{z}/{x}/{y}.png', 3, 9, 2)).toBe('https://host/3/1/2.png');
});
