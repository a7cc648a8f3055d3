import { resolve } from 'node:path';
import { isUrl, publicUrl } from './public-url.js';
import { objectStores } from './stores/stores.js';

/** Formats of many files or variables, and archives, of which GDAL sees other bands than we do. */
const products = new Set(['SENTINEL2', 'SAFE', 'LANDSAT', 'netCDF', 'HDF5', 'Zarr']);

/** Whether a location names one file that GDAL opens as we do. */
export function isFileOfGdal({
  format,
  location,
}: {
  readonly format: string;
  readonly location: string | null;
}): boolean {
  return location !== null && !products.has(format) && !/\.(?:zip|tar)(#|$)/i.test(location);
}

/** How GDAL opens what lies at a location: a full path, or a URL behind `/vsicurl/` and the like, without what may be a secret. */
export function gdalName(location: string): string {
  const store = objectStores.find(({ scheme }) => location.toLowerCase().startsWith(`${scheme}://`));
  if (store !== undefined) return `${store.gdalPrefix}${location.slice(store.scheme.length + 3)}`;
  return isUrl(location) ? `/vsicurl/${publicUrl(location)}` : resolve(location);
}
