import { resolve } from 'node:path';
import { isUrl, publicUrl } from './public-url.js';

/** How GDAL opens what lies at a location: a full path, or a URL behind `/vsicurl/`, without what may be a secret. */
export function gdalName(location: string): string {
  return isUrl(location) ? `/vsicurl/${publicUrl(location)}` : resolve(location);
}
