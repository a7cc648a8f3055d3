import type { RasterFormat } from '../raster-format.js';
import { headText } from '../raster-format.js';
import { openCf } from '../cf/cf-raster.js';

const grids =
  'all variables on the grid of the first as bands, planes of leading dimensions (times, levels) too; others by name (`--band NAME`, `file.nc#NAME`). Place by evenly spaced coordinates, system by the grid mapping (WKT or CF’s names, in degrees or metres); `_FillValue`, `scale_factor`, `add_offset`';

/** NetCDF of the classic kinds. */
export const netcdfFormat: RasterFormat = {
  name: 'netCDF',
  about: {
    title: 'NetCDF, classic',
    names: '`.nc`',
    reads: `CDF-1 and 2, by ranges; ${grids}; rows that run north are turned over, as in GDAL`,
    not: 'CDF-5; coordinates of two dimensions (swaths); `valid_range`',
  },
  sniff: (head) => headText(head.subarray(0, 3)) === 'CDF' && [1, 2, 5].includes(head[3]!),
  open: async (source, context) => {
    const { openNetcdf3 } = await import('./netcdf3-dataset.js');
    return openCf(await openNetcdf3(source, context.signal), context);
  },
};

/** HDF5, and NetCDF-4 in it. */
export const hdf5Format: RasterFormat = {
  name: 'HDF5',
  about: {
    title: 'NetCDF-4, HDF5',
    names: '`.nc`, `.h5`',
    reads: `with the optional package h5wasm: the same as of classic NetCDF, groups as \`group/NAME\`. What lies on a server or in an archive is copied first, up to 1 GiB`,
    not: 'in a browser; plugins for compression other than deflate, szip and shuffle; compound and complex types; places that only a product’s own metadata says',
  },
  sniff: (head) => headText(head.subarray(0, 8)) === '\u0089HDF\r\n\u001a\n',
  open: async (source, context) => {
    const { openHdf5 } = await import('./hdf5-dataset.js');
    return openCf(await openHdf5(source, context.signal), context);
  },
};
