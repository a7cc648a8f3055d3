import { TiepointError } from '@tiepoint/geometry';
import { resolveAddress } from './address.js';
import type { ReadItem, StacAssetRead } from './stac.js';

/** Which asset of an item is meant. */
export interface AssetChoice {
  /** Its key. */
  readonly name?: string | undefined;
  /** One of its roles; the first that has it. */
  readonly role?: string | undefined;
}

const isRaster = ({ type, href }: StacAssetRead): boolean =>
  /image\/(tiff|png|jpeg|webp|jp2)/i.test(type ?? '') ||
  (type === undefined && /\.(tiff?|png|jpe?g|webp|jp2)($|\?)/i.test(href));

/** What is taken where nothing is asked for, the best first. */
const preferences: readonly ((name: string, asset: StacAssetRead) => boolean)[] = [
  (name, asset) => name === 'visual' && isRaster(asset),
  (_, asset) => asset.roles?.includes('visual') === true && isRaster(asset),
  (_, asset) => asset.roles?.includes('data') === true && isRaster(asset),
  (_, asset) => !(asset.roles ?? []).some((role) => role === 'thumbnail' || role === 'overview') && isRaster(asset),
];

/**
 * The address of an item's asset: the one that is named or has the role, or else the visual one, or the first that holds data.
 *
 * @throws TiepointError `invalid-manifest` where there is none
 */
export function chooseAsset({ item, base }: ReadItem, { name, role }: AssetChoice = {}): string {
  const assets = Object.entries(item.assets as Readonly<Record<string, StacAssetRead>>);
  const wanted =
    name !== undefined
      ? [(key: string): boolean => key === name]
      : role !== undefined
        ? [(_: string, asset: StacAssetRead): boolean => asset.roles?.includes(role) === true]
        : preferences;
  for (const matches of wanted) {
    const found = assets.find(([key, asset]) => matches(key, asset));
    if (found !== undefined) return resolveAddress(found[1].href, base);
  }
  const asked =
    name !== undefined ? `asset "${name}"` : role !== undefined ? `asset of role "${role}"` : 'raster asset';
  throw new TiepointError('invalid-manifest', `item ${item.id} has no ${asked}`, {
    hint: `It has: ${assets.map(([key, { roles }]) => `${key}${roles ? ` (${roles.join(', ')})` : ''}`).join('; ')}`,
    value: name ?? role,
  });
}
