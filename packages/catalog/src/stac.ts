import { TiepointError } from '@tiepoint/geometry';
import { isUrl, publicUrl } from '@tiepoint/raster';
import type { StacItem } from 'stac-ts';
import * as z from 'zod';

// What is read of STAC documents is checked here; the rest may be anything, of any version from 1.0.

const link = z.looseObject({
  rel: z.string(),
  href: z.string(),
  method: z.string().optional(),
  body: z.record(z.string(), z.unknown()).optional(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  merge: z.boolean().optional(),
});

const asset = z.looseObject({
  href: z.string(),
  type: z.string().optional(),
  roles: z.array(z.string()).optional(),
});

const positions = z.array(z.array(z.number()).min(2));
const geometry = z.union([
  z.looseObject({ type: z.literal('Polygon'), coordinates: z.array(positions).min(1) }),
  z.looseObject({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(positions).min(1)).min(1) }),
  z.looseObject({ type: z.string() }),
]);

const item = z.looseObject({
  type: z.literal('Feature'),
  stac_version: z.string(),
  id: z.string().min(1),
  geometry: geometry.nullable(),
  bbox: z.array(z.number()).min(4).optional(),
  properties: z.looseObject({
    datetime: z.string().nullable(),
    start_datetime: z.string().optional(),
    end_datetime: z.string().optional(),
  }),
  links: z.array(link),
  assets: z.record(z.string(), asset),
  collection: z.string().nullish(),
});

const itemCollection = z.looseObject({
  type: z.literal('FeatureCollection'),
  features: z.array(z.unknown()),
  links: z.array(link).optional(),
});

const catalog = z.looseObject({
  type: z.enum(['Catalog', 'Collection']),
  stac_version: z.string(),
  id: z.string(),
  links: z.array(link),
});

/** A link of a STAC document. */
export type StacLinkRead = z.infer<typeof link>;
/** An asset as it was read: its address may be relative to the item's. */
export type StacAssetRead = z.infer<typeof asset>;

/** An item, and where it was read. */
export interface ReadItem {
  readonly item: StacItem & z.infer<typeof item>;
  /** Its own address, or that of the document it stood in: what relative addresses are seen from. */
  readonly base: string;
}

/** A document of a catalogue as it was read. */
export type StacDocument =
  | { readonly kind: 'item'; readonly item: ReadItem }
  | { readonly kind: 'items'; readonly items: readonly ReadItem[]; readonly links: readonly StacLinkRead[] }
  | { readonly kind: 'catalog'; readonly links: readonly StacLinkRead[] };

function invalid(address: string, why: string): TiepointError {
  // The query of a URL may be a secret.
  const source = isUrl(address) ? publicUrl(address) : address;
  return new TiepointError('invalid-manifest', `${source}: ${why}`, {
    hint: 'STAC items, item collections, collections and catalogues from version 1.0 can be read; see docs/stac.md.',
    value: source,
  });
}

function parse<T extends z.ZodType>(schema: T, value: unknown, source: string, what: string): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw invalid(source, `is no valid ${what}: ${path.length === 0 ? 'the document' : path.join('.')}: ${message}`);
}

function itemAt(value: unknown, source: string): ReadItem {
  const found = parse(item, value, source, 'STAC item');
  const self = found.links.find(({ rel, href }) => rel === 'self' && /^https?:/i.test(href))?.href;
  return { item: found as ReadItem['item'], base: self ?? source };
}

/** Whether a parsed JSON document calls itself one of STAC's. */
export function isStacDocument(value: unknown): boolean {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  return type === 'Feature' || type === 'FeatureCollection' || type === 'Catalog' || type === 'Collection';
}

/**
 * Checks a parsed JSON document.
 *
 * @param source - its address, for messages and relative addresses
 * @throws TiepointError `invalid-manifest`, naming what is wrong where
 */
export function parseStac(value: unknown, source: string): StacDocument {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  switch (type) {
    case 'Feature':
      return { kind: 'item', item: itemAt(value, source) };
    case 'FeatureCollection': {
      const { features, links = [] } = parse(itemCollection, value, source, 'STAC item collection');
      const items = features.map((feature, i) => {
        const { item: found, base } = itemAt(feature, `${source}, item ${i + 1}`);
        return { item: found, base: base.startsWith(`${source}, item`) ? source : base };
      });
      return { kind: 'items', items, links };
    }
    case 'Catalog':
    case 'Collection':
      return { kind: 'catalog', links: parse(catalog, value, source, 'STAC catalogue').links };
    default:
      throw invalid(source, 'is no STAC document');
  }
}

/**
 * The items of a parsed document that holds its items itself.
 *
 * @throws TiepointError `invalid-manifest`
 */
export function itemsOf(value: unknown, source: string): readonly ReadItem[] {
  const document = parseStac(value, source);
  if (document.kind === 'catalog')
    throw invalid(source, 'holds no items itself; name the file or the URL of the catalogue');
  return document.kind === 'item' ? [document.item] : document.items;
}
