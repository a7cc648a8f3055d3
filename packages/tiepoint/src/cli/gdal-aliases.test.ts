import { expect, it } from 'vitest';
import { expandGdalAliases } from './gdal-aliases.js';

it("GDAL's words become this program's, values and all", () => {
  const words = [
    'warp',
    'a.tif',
    'b.tif',
    '-tr',
    '10',
    '10',
    '-te',
    '-5',
    '0',
    '5',
    '9',
    '-tap',
    '-dstnodata',
    '-9999',
  ];
  expect(expandGdalAliases([...words, '-multi', '-wm', '500', '-t_srs', 'EPSG:3035'])).toEqual({
    argv: [
      'warp',
      'a.tif',
      'b.tif',
      '--tr',
      '10 10',
      '--te',
      '-5 0 5 9',
      '--tap',
      '--dst-nodata',
      '-9999',
      '--dst-crs',
      'EPSG:3035',
    ],
    ignored: ['-multi', '-wm'],
  });
  expect(expandGdalAliases(['warp', '-co', 'A=1', '-of', 'GTiff', '-r', 'near']).argv).toEqual([
    'warp',
    '--co',
    'A=1',
    '--of',
    'GTiff',
    '-r',
    'near',
  ]);
  expect(expandGdalAliases(['--', '-tr', '1'])).toEqual({ argv: ['--', '-tr', '1'], ignored: [] });
});
