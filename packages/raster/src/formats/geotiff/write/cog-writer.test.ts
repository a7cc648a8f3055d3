import { mkdtempSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromFile } from 'geotiff';
import { afterAll, describe, expect, test } from 'vitest';
import { createCog } from './create-cog.js';
import { type CogOptions } from './cog-options.js';
import { allocateSamples, type SampleArray } from '../../data-type.js';
import { crsFromEpsg } from '../../../georeference/crs.js';
import { hasGdal, runOracle } from '../../../gdal.test.support.js';
import { openRaster } from '../../open-raster.js';

const folder = mkdtempSync(join(tmpdir(), 'cog-'));
afterAll(() => rm(folder, { recursive: true }));

const [imageWidth, imageHeight] = [701, 530];
const georeference = {
  crs: crsFromEpsg(32633, 'projected', 'WGS 84 / UTM zone 33N'),
  geotransform: [500000, 10, 0, 5000000, 0, -10],
  origin: 'file',
} as const;

function makeBands(options: CogOptions): SampleArray[] {
  return Array.from({ length: options.bandCount }, (_, b) => {
    const out = allocateSamples(options.dataType, imageWidth * imageHeight);
    for (let i = 0; i < out.length; i++) {
      const x = i % imageWidth;
      const y = Math.floor(i / imageWidth);
      out[i] = Math.round(100 + 60 * Math.sin(x * 0.02 * (b + 1)) * Math.cos(y * 0.03) + ((x * 7 + y) % 9));
    }
    return out;
  });
}

/** Writes in uneven pieces, so that rows of tiles are filled by several. */
async function writeInPieces(
  path: string,
  options: CogOptions,
  bands: readonly SampleArray[],
  mask: Uint8Array | null,
): Promise<void> {
  await using writer = await createCog(path, options);
  for (let y = 0; y < imageHeight;) {
    const rows = Math.min(imageHeight - y, 1 + ((y * 13) % 90));
    const part = { from: y * imageWidth, to: (y + rows) * imageWidth };
    await writer.write({
      rows,
      data: bands.map((band) => band.subarray(part.from, part.to)),
      mask: mask?.subarray(part.from, part.to),
    });
    y += rows;
  }
  await writer.finish();
}

const cases: Record<string, Partial<CogOptions>> = {
  'uint8-rgb-mask': { dataType: 'uint8', bandCount: 3, mask: true },
  'uint16-nodata': { dataType: 'uint16', bandCount: 1, nodata: 0, overviewResampling: 'bilinear' },
  'uint16-average': { dataType: 'uint16', bandCount: 2, tileSize: 64 },
  'int16-lzw': { dataType: 'int16', bandCount: 2, compression: 'lzw', overviewResampling: 'cubic' },
  'float32-nan': { dataType: 'float32', bandCount: 1, nodata: Number.NaN, overviewResampling: 'lanczos' },
  'float64-none': { dataType: 'float64', bandCount: 1, compression: 'none', overviewResampling: 'nearest' },
  'uint8-mode-big': { dataType: 'uint8', bandCount: 1, bigTiff: true, overviewResampling: 'mode' },
  'uint16-planar': { dataType: 'uint16', bandCount: 3, interleave: 'band', overviewResampling: 'cubicspline' },
};

describe('Cloud Optimized GeoTIFFs', () => {
  for (const [name, special] of Object.entries(cases)) {
    test(name, async () => {
      const options: CogOptions = {
        width: imageWidth,
        height: imageHeight,
        bandCount: 1,
        dataType: 'uint8',
        tileSize: 128,
        georeference,
        bandDescriptions: ['first band'],
        metadata: { TIEPOINT: { verdict: 'accept & <sound>' } },
        ...special,
      };
      const bands = makeBands(options);
      let mask: Uint8Array | null = null;
      if (options.mask || options.nodata !== undefined) {
        mask = Uint8Array.from({ length: imageWidth * imageHeight }, (_, i) =>
          i % imageWidth < 40 || (i % imageWidth > 300 && i % imageWidth < 333) ? 0 : 1,
        );
      }
      const path = join(folder, `${name}.tif`);
      await writeInPieces(path, options, bands, mask);
      expect((await readdir(folder)).filter((file) => file.endsWith('.tmp'))).toEqual([]);

      await using file = await openRaster(path);
      const size = options.tileSize!;
      const levels: number[] = [];
      for (let w = imageWidth, h = imageHeight; w > size || h > size;) {
        w = Math.ceil(w / 2);
        h = Math.ceil(h / 2);
        levels.push(w);
      }
      expect(file.overviews.map((o) => o.width)).toEqual(levels);
      const own = await file.readWindow();
      const overview = await file.readWindow({ level: 1 });
      const plane = await file.readPlane({ band: 1 });
      if (mask) expect(Buffer.compare(plane.mask!, mask)).toBe(0);
      else expect(plane.mask).toBeUndefined();
      for (const [b, band] of bands.entries()) {
        let wrong = 0;
        for (let i = 0; i < band.length; i++) if ((mask?.[i] ?? 1) === 1 && own.data[b]![i] !== band[i]) wrong++;
        expect(wrong).toBe(0);
      }

      const tiff = await fromFile(path);
      const image = await tiff.getImage();
      const theirs = (await image.readRasters()) as unknown as ArrayLike<number>[];
      for (const [b, band] of own.data.entries()) {
        expect(band.every((v, i) => Object.is(v, theirs[b]![i]))).toBe(true);
      }
      tiff.close();

      if (!hasGdal) return;
      const out = join(folder, name);
      const report = JSON.parse(runOracle('check_cog.py', path, out)) as Record<string, unknown>;
      expect(report).toMatchObject({
        errors: [],
        warnings: [],
        epsg: '32633',
        geotransform: georeference.geotransform,
        description: 'first band',
        domain: { verdict: 'accept & <sound>' },
        ...(special.interleave === 'band' ? {} : { layout: 'COG' }),
      });
      expect([true, null]).toContain(report['rasterio']);
      const gdal = floats(`${out}.bin`);
      let different = 0;
      for (const [b, band] of own.data.entries()) {
        for (let i = 0; i < band.length; i++)
          if (!Object.is(gdal[b * imageWidth * imageHeight + i], band[i]) && mask?.[i] !== 0) different++;
      }
      expect(different).toBe(0);
      const gdalMask = new Uint8Array(readFileSync(`${out}.mask`));
      if (mask) expect(gdalMask.every((v, i) => v > 0 === (mask[i] === 1))).toBe(true);
      expect(floats(`${out}.ov1`).every((v, i) => Object.is(v, overview.data[0]![i]))).toBe(true);
    });
  }

  test('an overview is the mean of what it covers, and an odd edge keeps its place', async () => {
    const path = join(folder, 'uint16-average.tif');
    await using file = await openRaster(path);
    const [full, half] = [await file.readWindow({ bands: [1] }), await file.readWindow({ bands: [1], level: 1 })];
    const ratio = imageWidth / half.width;
    const box = (x: number, y: number): number => {
      let sum = 0;
      let weight = 0;
      const [left, top] = [x * ratio, (y * imageHeight) / half.height];
      for (let v = Math.floor(top); v < top + 2 && v < imageHeight; v++) {
        for (let u = Math.floor(left); u < left + ratio && u < imageWidth; u++) {
          const w =
            Math.max(0, Math.min(u + 1, left + ratio) - Math.max(u, left)) *
            Math.max(0, Math.min(v + 1, top + imageHeight / half.height) - Math.max(v, top));
          sum += w * full.data[0]![v * imageWidth + u]!;
          weight += w;
        }
      }
      return sum / weight;
    };
    for (const [x, y] of [
      [0, 0],
      [10, 20],
      [half.width - 1, 100],
      [200, half.height - 1],
    ] as const) {
      expect(Math.abs(half.data[0]![y * half.width + x]! - box(x, y))).toBeLessThanOrEqual(0.51);
    }
  });

  test('rows that are missing are an error, and nothing is left behind', async () => {
    const path = join(folder, 'short.tif');
    const writer = await createCog(path, { width: 10, height: 10, bandCount: 1, dataType: 'uint8' });
    await writer.write({ rows: 5, data: [new Uint8Array(50)] });
    await expect(writer.finish()).rejects.toMatchObject({ code: 'rows-missing' });
    expect((await readdir(folder)).filter((file) => file.includes('short'))).toEqual([]);
  });
});

function floats(path: string): Float64Array {
  return new Float64Array(new Uint8Array(readFileSync(path)).buffer);
}
