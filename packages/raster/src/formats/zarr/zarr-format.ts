import { baseName, needBeside } from '../beside.js';
import { openCf } from '../cf/cf-raster.js';
import { headText, type RasterFormat } from '../raster-format.js';

/** Files that stand at the root of a Zarr store. */
const rootFile = /^(?:[^/]+\.zarr\/)?(?:zarr\.json|\.zmetadata|\.zgroup|\.zarray)$/;

/** Zarr, versions 2 and 3: a folder of chunks. */
export const zarrFormat: RasterFormat = {
  name: 'Zarr',
  about: {
    title: 'Zarr',
    names:
      'the folder (`scene.zarr`), its `.zip`, or `zarr.json`, `.zmetadata`, `.zgroup`, `.zarray` in it or at a URL',
    reads:
      'versions 2 and 3, sharded too, compressed by Blosc, deflate, gzip, LZ4 or ZSTD; variables as of NetCDF, by the dimensions’ names that xarray and GDAL write, with the `grid_mapping` of rioxarray or the `_CRS` of GDAL; rows as stored',
    not: 'complex types, floats of 16 bits before Node 24; coordinates of two dimensions. On a web server without consolidated metadata variables must be named (`…/.zgroup#NAME`)',
  },
  sniff: (head) => /^\s*\{[^]*"zarr_(?:consolidated_)?format"\s*:/.test(headText(head)),
  entry: rootFile,
  knowsByNeighbour: async (source) => rootFile.test(baseName(source.name)),
  open: async (source, context) => {
    const beside = needBeside(context, source.name, 'a Zarr store');
    const { openZarr } = await import('./zarr-dataset.js');
    return openCf(await openZarr(source, beside, context), context);
  },
};
