import { openRaster, type OpenRasterOptions, type RasterFile } from '@tiepoint/raster';

/** Whether a name is that of a STAC item: a JSON file, or an item of an API, and behind `#` one of its assets. */
export function isStacItem(name: string): boolean {
  const [place] = name.split('#');
  if (/(?:^|[/\\])zarr\.json$/.test(place!)) return false;
  if (!/^https?:/i.test(name)) return /\.(geo)?json$/i.test(place!);
  const path = URL.canParse(place!) ? new URL(place!).pathname : '';
  return /\.(geo)?json$/i.test(path) || /\/collections\/[^/]+\/items\/[^/]+$/.test(path);
}

/**
 * Opens what a user of the command line names: all that `openRaster` does, and assets of STAC items (`item.json#B04`).
 * @throws TiepointError of opening
 */
export async function openSource(name: string, options: OpenRasterOptions): Promise<RasterFile> {
  if (!isStacItem(name)) return openRaster(name, options);
  const { openStacAsset } = await import('./open-stac-asset.js');
  return openStacAsset(name, options);
}
