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

/** An asset of a STAC item. */
export interface LocatedAsset {
  /** Where it can be read: a path, or an address that is signed where its provider wants that. */
  readonly href: string;
  /** The item, and the asset where one was named: a signature holds for an hour, and is a secret. */
  readonly name: string;
  /** Whether the band named the asset. */
  readonly isBand: boolean;
}

/**
 * Finds an asset of a STAC item: the one behind `#`, else the one that the band names, else as `chooseAsset` chooses.
 *
 * @throws TiepointError `invalid-manifest`, and of reading
 */
export async function locateStacAsset(
  name: string,
  { band, signal }: Pick<OpenRasterOptions, 'band' | 'signal'> = {},
): Promise<LocatedAsset> {
  const at = name.indexOf('#');
  const [place, fragment] = at < 0 ? [name, ''] : [name.slice(0, at), decodeURIComponent(name.slice(at + 1))];
  const shown = isUrl(place) ? publicUrl(place) : place;
  const items = await readItems(place, { limit: 2, signal });
  const [item] = items;
  if (item === undefined || items.length > 1) {
    throw new TiepointError('invalid-manifest', `${shown}: ${items.length === 0 ? 'no item' : 'more than one item'}`, {
      hint: 'Name one item; `tiepoint batch` takes many.',
      value: items.length,
    });
  }
  const named = fragment || (band !== undefined && Object.hasOwn(item.item.assets, band) ? band : '');
  const href = chooseAsset(item, named ? { name: named } : {});
  await signerReady();
  return {
    href: /^https?:/i.test(href) ? await signHref(href) : href,
    name: named ? `${shown}#${named}` : shown,
    isBand: named === band,
  };
}

/**
 * Opens an asset of a STAC item, see `locateStacAsset`. It is called by the item and the asset.
 *
 * @throws TiepointError `invalid-manifest`, and of reading and opening
 */
export async function openStacAsset(name: string, options: OpenRasterOptions): Promise<RasterFile> {
  const located = await locateStacAsset(name, options);
  // The asset that is the band is a file of it alone.
  const file = await openRaster(located.href, { ...options, band: located.isBand ? undefined : options.band });
  return { ...file, name: located.name };
}
