import { TiepointError } from '@tiepoint/geometry';
import { lookUpEpsg } from '../../georeference/epsg-table.js';
import type { HttpSourceOptions } from '../../source/http-source.js';
import { publicUrl } from '../../source/public-url.js';
import type { RasterContent } from '../raster-content.js';
import { formatTileName, parseTileName } from './tile-name.js';
import { tileFetcher } from './tile-fetcher.js';
import { tilePixels } from './tile-pixels.js';

/** Half the side of the square that Web Mercator maps the Earth to, m. */
export const mercatorHalf = 20_037_508.342789244;

/**
 * Opens a part of a map of tiles by a name that says which part.
 * @throws {TiepointError} `invalid-option`
 */
export async function openTiles(name: string, http: HttpSourceOptions): Promise<RasterContent> {
  const { template, part } = parseTileName(name);
  if (part === null) {
    throw new TiepointError('invalid-option', `${publicUrl(name)}: nothing says which part of the map is meant`, {
      hint: 'Tiles are a reference for an image that is georeferenced: name them as the reference, with --zoom.',
      value: publicUrl(name),
    });
  }
  const { zoom, tileSize, window } = part;
  const pixel = (2 * mercatorHalf) / (tileSize * 2 ** zoom);
  return {
    format: 'XYZ',
    pixels: tilePixels(formatTileName(template, part), template, part, await tileFetcher(template, http)),
    decodesWhole: false,
    // Where its key would be lost, no other thread can open it.
    location: publicUrl(template) === template ? name : null,
    georeference: {
      crs: await lookUpEpsg(3857),
      geotransform: [window.x * pixel - mercatorHalf, pixel, 0, mercatorHalf - window.y * pixel, 0, -pixel],
      origin: 'file',
    },
    maskKind: 'mask',
    metadata: {},
    compression: `tiles of ${tileSize} px at zoom ${zoom}`,
    warnings: [],
    close: async () => {},
  };
}
