import { join } from 'node:path';
import type { Geotransform } from '@tiepoint/geometry';
import { type Georeference, openRaster, warp, writeGeoTiff } from '@tiepoint/raster';
import { runMeasured } from '../raster/measured-process.js';

/** What a sensed file's georeference is made wrong by, px of the file. */
export const offsetPx = [7.4, -5.3] as const;

/** How a sensed file is changed; its georeference stays as wrong as it was. */
export interface GeotiffCase {
  readonly name: string;
  readonly make: (from: string, to: string) => Promise<void>;
}

async function gdal(program: string, ...args: string[]): Promise<void> {
  await runMeasured(program, ['-q', ...args]);
}

/** One band of a file, its georeference wrong by a share of {@link offsetPx}. */
export async function writeOffset(file: string, band: number, share: number, to: string): Promise<void> {
  await using source = await openRaster(file);
  const [x, a, , y, , e] = source.georeference!.geotransform;
  const [left, top] = [x + share * offsetPx[0] * a, y + share * offsetPx[1] * e];
  const corners = [left, top, left + a * source.width, top + e * source.height].map(String);
  await gdal('gdal_translate', '-b', String(band), '-a_ullr', ...corners, file, to);
}

/** A grid turned about the middle of a file, pixels as large as the file's. */
function turnedGrid(width: number, height: number, { crs, geotransform }: Georeference, degrees: number) {
  const [x, pixel, , y] = geotransform;
  const angle = (degrees * Math.PI) / 180;
  const [a, b] = [pixel * Math.cos(angle), pixel * Math.sin(angle)];
  const [middleX, middleY] = [x + (width * pixel) / 2, y - (height * pixel) / 2];
  const [u, v] = [width / 2, height / 2];
  const turned: Geotransform = [middleX - u * a - v * b, a, b, middleY - u * b + v * a, b, -a];
  return { width, height, georeference: { crs, geotransform: turned, origin: 'file' } as const };
}

/** Makes three tenths of a file nodata, a wedge from its upper left corner. */
async function writeWedge(from: string, to: string): Promise<void> {
  await using whole = await openRaster(from);
  const { data, width, height } = await whole.readPlane();
  const shown = data.map((v, i) =>
    (i % width) / width + (0.5 * Math.floor(i / width)) / height < 0.55 ? 0 : Math.max(1, v),
  );
  const { georeference } = whole;
  await writeGeoTiff(to, { width, height, bands: [shown], dataType: 'uint8', nodata: 0, georeference });
}

/** Grids as sensed files come in. */
export const cases: readonly GeotiffCase[] = [
  { name: 'offset', make: (from, to) => gdal('gdal_translate', from, to) },
  { name: 'degrees', make: (from, to) => gdal('gdalwarp', '-t_srs', 'EPSG:4326', '-r', 'cubic', from, to) },
  {
    name: 'half resolution',
    make: (from, to) => gdal('gdalwarp', '-tr', '10', '10', '-r', 'average', from, to),
  },
  { name: 'nodata wedge', make: writeWedge },
  {
    name: 'turned grid',
    async make(from, to) {
      await using file = await openRaster(from);
      const grid = turnedGrid(file.width, file.height, file.georeference!, 20);
      await warp(file, to, { grid, resampling: 'cubic', threads: 0, format: 'GTiff' });
    },
  },
];

/** A band of a file of NAIP, counted from 1. */
export interface Band {
  readonly file: string;
  readonly band: number;
}

/** Pairs of bands: of one date, of two dates, of two bands and dates. */
export function bandPairs(data: string): readonly { readonly name: string; readonly pair: readonly [Band, Band] }[] {
  const of = (date: string, band: number): Band => ({
    file: join(data, 'bands/naip', `m_4709963_se_14_1_${date}.tif`),
    band,
  });
  return [
    { name: 'red to near infrared, one date', pair: [of('20150926', 1), of('20150926', 4)] },
    { name: 'red to red, 2015 and 2016', pair: [of('20150926', 1), of('20160816', 1)] },
    { name: 'red to near infrared, 2010 and 2020', pair: [of('20100629', 1), of('20200831', 4)] },
  ];
}
