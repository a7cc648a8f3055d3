import { chooseAsset, isStacDocument, itemsOf, type ReadItem, signHref } from '@tiepoint/catalog';
import { TiepointError } from '@tiepoint/geometry';
import { isUrl, publicUrl } from '@tiepoint/raster';
import { parseSolution } from 'tiepoint';
import type { ImageSource } from './image-source.js';

/** A document that was dropped, or its web address. */
export type DocumentRequest =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly url: string };

/** What a document names. */
export type ReadDocument =
  | { readonly kind: 'images'; readonly images: readonly ImageSource[] }
  | {
      readonly kind: 'solution';
      readonly text: string;
      /** The images as it names them, and where they can be read; null where only their own machine has them, or nothing is named. */
      readonly reference: NamedImage | null;
      readonly sensed: NamedImage | null;
    };

/** An image that a solution names. */
export interface NamedImage {
  readonly name: string;
  readonly source: ImageSource | null;
}

async function textAt(url: string, signal: AbortSignal): Promise<string> {
  // Its query may be a secret.
  const address = publicUrl(url);
  const unreadable = (why: string, cause?: unknown): TiepointError =>
    new TiepointError('url-unreadable', `${address}: ${why}`, {
      hint: 'Check the address, the network, and whether its server lets other pages read it (CORS).',
      value: address,
      cause,
    });
  const headers = { accept: 'application/geo+json, application/json' };
  const answer = await fetch(url, { headers, signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw unreadable('cannot be read', cause);
  });
  if (!answer.ok) throw unreadable(`the server answered ${answer.status} ${answer.statusText}`.trim());
  return answer.text();
}

const fileName = (address: string): string => {
  const path = isUrl(address) ? decodeURIComponent(new URL(address).pathname) : address;
  return path.split(/[/\\]/).pop() || address;
};

async function imageOf(read: ReadItem, asset: string, isAlone: boolean): Promise<ImageSource> {
  const { item, base } = read;
  const href = chooseAsset(read, asset === '' ? {} : { name: asset });
  const url = await signHref(href);
  const name = `${item.id}/${fileName(href)}`;
  const { datetime } = item.properties;
  const fragment = asset === '' ? '' : `#${encodeURIComponent(asset)}`;
  return { kind: 'url', name, url, item: { address: isAlone && isUrl(base) ? base + fragment : null, datetime } };
}

/** An image of a solution: one that is named by a web address, or lies beside a solution that has one. */
function namedImage(source: string | undefined, base: string | null): NamedImage | null {
  if (source === undefined) return null;
  const url = isUrl(source) ? source : base === null ? null : new URL(encodeURI(source), base).href;
  return { name: source, source: url === null ? null : { kind: 'url', name: fileName(source), url } };
}

/**
 * Reads a STAC item, a collection of items or a solution.
 *
 * @throws TiepointError `url-unreadable`, `invalid-manifest`, `solution-invalid`
 */
export async function readDocument(request: DocumentRequest, signal: AbortSignal): Promise<ReadDocument> {
  // As on the command line an asset may be named behind the address of an item.
  const [base = null, fragment = ''] = 'url' in request ? request.url.split('#') : [];
  const asset = decodeURIComponent(fragment);
  const text = 'text' in request ? request.text : await textAt(base!, signal);
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // What is wrong with it is said below.
  }
  if (isStacDocument(value)) {
    const items = itemsOf(value, base ?? request.name).slice(0, 2);
    // An item of a collection has an address of its own where it says so.
    const isAlone = ({ base: own }: ReadItem): boolean => items.length === 1 || own !== base;
    return { kind: 'images', images: await Promise.all(items.map((item) => imageOf(item, asset, isAlone(item)))) };
  }
  const { reference, sensed } = parseSolution(text, request.name);
  return {
    kind: 'solution',
    text,
    reference: namedImage(reference?.source, base),
    sensed: namedImage(sensed?.source, base),
  };
}
