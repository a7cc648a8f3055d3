import { resolve } from 'node:path';
import { chooseAsset, pairItems, type ReadItem, readItems, searchItems, timeOf } from '@tiepoint/catalog';
import { TiepointError } from '@tiepoint/geometry';
import type { ManifestRow } from './row.js';

/** How items become pairs. */
export interface StacRowOptions {
  /** An image that all are laid on. */
  readonly reference?: string | undefined;
  /** Items of which each gets the one that overlaps most: a path, a URL, or with an API the id of a collection. */
  readonly referenceCollection?: string | undefined;
  readonly asset?: string | undefined;
  readonly assetRole?: string | undefined;
  readonly referenceAsset?: string | undefined;
  readonly stacApi?: string | undefined;
  readonly bbox?: readonly number[] | undefined;
  readonly limit: number;
}

function selfOf({ item, base }: ReadItem): string | undefined {
  const self = item.links.find(({ rel }) => rel === 'self')?.href;
  return self !== undefined && /^https?:/i.test(self) ? self : /\.json$/i.test(base) ? base : undefined;
}

function referenceItems({ referenceCollection, stacApi, bbox, limit }: StacRowOptions): Promise<readonly ReadItem[]> {
  const source = referenceCollection!;
  const isId = stacApi !== undefined && !/^https?:|\.json$/i.test(source);
  return isId ? searchItems(stacApi, { collections: [source], bbox }, { limit }) : readItems(source, { limit });
}

const absolute = (path: string): string => (/^https?:/i.test(path) ? path : resolve(path));

/**
 * The rows of items: each against one image, or against the item of another collection that overlaps most and lies nearest in time.
 *
 * @throws TiepointError `usage`, `invalid-manifest` where an item has no such asset or nothing overlaps it
 */
export async function rowsOfStac(items: readonly ReadItem[], options: StacRowOptions): Promise<readonly ManifestRow[]> {
  const { reference, referenceCollection, asset, assetRole, referenceAsset } = options;
  if ((reference === undefined) === (referenceCollection === undefined)) {
    throw new TiepointError('usage', 'nothing says what the items are to be laid on, or two things do', {
      hint: 'Name an image with --reference, or other items with --reference-collection.',
      value: reference,
    });
  }
  if (items.length === 0) throw new TiepointError('invalid-manifest', 'the catalogue has no such items');
  const pairs =
    referenceCollection === undefined
      ? items.map((sensed) => ({ sensed, reference: null }))
      : pairItems(items, await referenceItems(options));
  return pairs.map(({ sensed, reference: found }): ManifestRow => {
    const place = `item ${sensed.item.id}`;
    if (found === null && reference === undefined) {
      throw new TiepointError('invalid-manifest', `${place}: no item of ${referenceCollection} overlaps it`, {
        hint: 'Leave it out, or name a collection that covers it.',
        value: sensed.item.id,
      });
    }
    const fixed = found === null ? absolute(reference!) : chooseAsset(found, { name: referenceAsset });
    const time = timeOf(sensed);
    return {
      place,
      values: { reference: fixed, sensed: chooseAsset(sensed, { name: asset, role: assetRole }) },
      source: {
        id: sensed.item.id,
        sensedItem: selfOf(sensed),
        referenceItem: found === null ? undefined : selfOf(found),
        datetime: time === null ? undefined : new Date(time).toISOString(),
      },
    };
  });
}
