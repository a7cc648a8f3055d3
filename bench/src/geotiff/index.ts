import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { median, type Transform, transformPoint } from '@tiepoint/geometry';
import { openRaster, pixelToMap, type RasterFile, transformerBetween } from '@tiepoint/raster';
import { transformFromJson, type TransformJson } from 'tiepoint';
import { cliPath } from '../cli-path.js';
import { runMeasured } from '../raster/measured-process.js';
import { bandPairs, cases, offsetPx, writeOffset } from './cases.js';

/** What the command line hands over. */
export interface GeotiffBenchOptions {
  readonly data?: string | undefined;
  readonly json: boolean;
}

/** A GeoTIFF registered to another by the command line. */
export interface GeotiffRow {
  readonly pair: string;
  readonly case: string;
  readonly verdict: string;
  readonly model: string;
  /**
   * Median displacement along x and y between what was found and what the georeference says less the offset it was made wrong by, px of
   * the reference: between dates it contains what the dates are off by.
   */
  readonly dx: number;
  readonly dy: number;
  /** The same against what is found for the unchanged file: how well the offset itself is recovered. */
  readonly offsetError: number;
  /** What the registration says of itself. */
  readonly predictedSd: number;
  /** Whether GDAL reads the output on the reference's grid and system. */
  readonly gridRight: boolean;
  /** Correlation of the output with what gdalwarp makes of the unchanged file on that grid, where both are valid. */
  readonly likeGdal: number;
  readonly seconds: number;
}

const pointCount = 20;

/** Found minus due places of check points of the sensed file that lie on the reference, px: its median in x and in y. */
async function displacement(
  reference: RasterFile,
  sensed: RasterFile,
  transform: Transform,
  offset: readonly [number, number],
): Promise<readonly [number, number]> {
  const [from, to] = [sensed.georeference!, reference.georeference!];
  const between = await transformerBetween(from.crs!, to.crs!);
  const [x0, a, , y0, , e] = to.geotransform;
  const [xs, ys]: [number[], number[]] = [[], []];
  for (let i = 0; i < (pointCount + 1) ** 2; i++) {
    const x = ((i % (pointCount + 1)) / pointCount) * sensed.width;
    const y = (Math.floor(i / (pointCount + 1)) / pointCount) * sensed.height;
    const ground = Float64Array.from(pixelToMap(from.geotransform, x, y));
    between.forward(ground);
    const [u, v] = [(ground[0]! - x0) / a - offset[0], (ground[1]! - y0) / e - offset[1]];
    if (u < 0 || v < 0 || u > reference.width || v > reference.height) continue;
    const [fx, fy] = transformPoint(transform, x, y);
    xs.push(fx - u);
    ys.push(fy - v);
  }
  return [median(xs), median(ys)];
}

interface GdalInfo {
  readonly size: readonly [number, number];
  readonly geoTransform: readonly number[];
  readonly coordinateSystem: { readonly wkt: string };
}

async function gdalInfo(file: string): Promise<GdalInfo> {
  return JSON.parse((await runMeasured('gdalinfo', ['-json', file])).stdout) as GdalInfo;
}

async function onSameGrid(first: string, second: string): Promise<boolean> {
  const [a, b] = [await gdalInfo(first), await gdalInfo(second)];
  const near = a.geoTransform.every((v, i) => Math.abs(v - b.geoTransform[i]!) < 1e-9 * Math.max(1, Math.abs(v)));
  const name = ({ coordinateSystem: { wkt } }: GdalInfo): string => /"([^"]+)"/.exec(wkt)?.[1] ?? '';
  return near && a.size.join() === b.size.join() && name(a) === name(b);
}

async function correlation(first: string, second: string): Promise<number> {
  await using a = await openRaster(first);
  await using b = await openRaster(second);
  const [p, q] = [await a.readPlane(), await b.readPlane()];
  let [n, sp, sq, spp, sqq, spq] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < p.data.length; i++) {
    if (p.mask?.[i] === 0 || q.mask?.[i] === 0) continue;
    const [u, v] = [p.data[i]!, q.data[i]!];
    n++;
    sp += u;
    sq += v;
    spp += u * u;
    sqq += v * v;
    spq += u * v;
  }
  return (n * spq - sp * sq) / Math.sqrt((n * spp - sp * sp) * (n * sqq - sq * sq));
}

interface Solution extends TransformJson {
  readonly verdict: string;
  readonly accuracy: { readonly predictedSd: number } | null;
}

/** Registers as a user does, and keeps the solution. */
async function runCli(
  reference: string,
  sensed: string,
  output: string,
): Promise<Solution & { readonly seconds: number }> {
  const solution = `${output}.json`;
  const files = [reference, sensed, output];
  const { seconds } = await runMeasured(process.execPath, [
    cliPath,
    'register',
    ...files,
    '--solution',
    solution,
    '--quiet',
  ]);
  return { ...(JSON.parse(await readFile(solution, 'utf8')) as Solution), seconds };
}

/**
 * Registers bands of NAIP, GeoTIFF to GeoTIFF by the command line: georeferences wrong by a known offset, in other systems,
 * resolutions and grids. Needs GDAL, which makes the files and looks at the output.
 */
export async function runGeotiffBench({ data = '../shared/data', json }: GeotiffBenchOptions): Promise<GeotiffRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tiepoint-geotiff-'));
  const at = (name: string): string => join(folder, name);
  const rows: GeotiffRow[] = [];
  try {
    for (const [
      p,
      {
        name: pair,
        pair: [fixed, moving],
      },
    ] of bandPairs(data).entries()) {
      const reference = at(`reference-${p}.tif`);
      await writeOffset(fixed.file, fixed.band, 0, reference);
      const [unchanged, wrong] = [at(`unchanged-${p}.tif`), at(`wrong-${p}.tif`)];
      await writeOffset(moving.file, moving.band, 0, unchanged);
      await writeOffset(moving.file, moving.band, 1, wrong);
      await using grid = await openRaster(reference);
      const { geotransform } = grid.georeference!;
      const [x0, a, , y0, , e] = geotransform;
      const expected = at(`expected-${p}.tif`);
      const extent = [x0, y0 + e * grid.height, x0 + a * grid.width, y0].map(String);
      const size = [grid.width, grid.height].map(String);
      const onGrid = ['-te', ...extent, '-ts', ...size, '-r', 'bilinear', '-dstnodata', '0'];
      await runMeasured('gdalwarp', ['-q', ...onGrid, unchanged, expected]);
      const measure = async (file: string, offset: readonly [number, number]) => {
        const output = `${file}-aligned.tif`;
        const found = await runCli(reference, file, output);
        await using sensed = await openRaster(file);
        const transform = transformFromJson(found);
        const [dx, dy] = transform ? await displacement(grid, sensed, transform, offset) : [Number.NaN, Number.NaN];
        return { found, output, dx, dy };
      };
      const base = await measure(unchanged, [0, 0]);
      for (const { name, make } of cases) {
        const file = at(`${p}-${name.replaceAll(' ', '-')}.tif`);
        await make(wrong, file);
        const { found, output, dx, dy } = await measure(file, offsetPx);
        const row: GeotiffRow = {
          pair,
          case: name,
          verdict: found.verdict,
          model: found.model,
          dx,
          dy,
          offsetError: Math.hypot(dx - base.dx, dy - base.dy),
          predictedSd: found.accuracy?.predictedSd ?? Number.NaN,
          gridRight: await onSameGrid(reference, output),
          likeGdal: await correlation(output, expected),
          seconds: found.seconds,
        };
        rows.push(row);
        if (!json) console.error(`${pair}, ${name}: ${row.verdict}, offset off by ${row.offsetError.toFixed(2)} px`);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return rows;
}
