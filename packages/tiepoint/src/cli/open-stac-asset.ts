import { TiepointError } from '@tiepoint/geometry';
import { chooseAsset, loadSigner, readItems, signHref } from '@tiepoint/catalog';
import { isUrl, openRaster, type OpenRasterOptions, publicUrl, type RasterFile } from '@tiepoint/raster';

/** Names the module that signs the addresses of a provider, as `--signer` of `batch` does. */
const signerVariable = 'TIEPOINT_SIGNER';

let loaded: Promise<void> | null = null;

/** The signer that the environment names is loaded once. */
function signerReady(): Promise<void> {
  const path = process.env[signerVariable];
  loaded ??= path ? loadSigner(path) : Promise.resolve();
  return loaded;
}

/**
 * Opens an asset of a STAC item: the one behind `#`, else the one that the band names, else as `chooseAsset` chooses. It is called by
 * the item and the asset: a signature holds for an hour, and is a secret.
 *
 * @throws TiepointError `invalid-manifest`, and of reading and opening
 */
export async function openStacAsset(name: string, options: OpenRasterOptions): Promise<RasterFile> {
  const at = name.indexOf('#');
  const [place, fragment] = at < 0 ? [name, ''] : [name.slice(0, at), decodeURIComponent(name.slice(at + 1))];
  const shown = isUrl(place) ? publicUrl(place) : place;
  const items = await readItems(place, { limit: 2, signal: options.signal });
  const [item] = items;
  if (item === undefined || items.length > 1) {
    throw new TiepointError('invalid-manifest', `${shown}: ${items.length === 0 ? 'no item' : 'more than one item'}`, {
      hint: 'Name one item; `tiepoint batch` takes many.',
      value: items.length,
    });
  }
  const { band } = options;
  const named = fragment || (band !== undefined && Object.hasOwn(item.item.assets, band) ? band : '');
  const href = chooseAsset(item, named ? { name: named } : {});
  await signerReady();
  const file = await openRaster(/^https?:/i.test(href) ? await signHref(href) : href, {
    ...options,
    // The asset that is the band is a file of it alone.
    band: named === band ? undefined : band,
  });
  return { ...file, name: named ? `${shown}#${named}` : shown };
}
