import { type ItemFile, registeredItem, sha256OfBlob } from '@tiepoint/catalog';
import { isUrl, openRaster, type RasterFile } from '@tiepoint/raster';
import { registeredFacts, type Registration } from 'tiepoint';
import type { ImageSource } from './image-source.js';

/** What the STAC item of a registered image is made of. */
export interface ItemRequest {
  readonly registration: Registration;
  /** Metres per px of the reference; null where nothing says. */
  readonly metres: number | null;
  readonly reference: RasterFile;
  readonly sensed: RasterFile;
  readonly sources: Readonly<Record<'reference' | 'sensed', ImageSource>>;
  /** The image as it was warped. */
  readonly warped: File;
  /** What the files are called that lie beside the item. */
  readonly names: { readonly image: string; readonly solution: string; readonly report: string };
  /** The solution file's text. */
  readonly solution: string;
}

/** The address of an image as it was opened. */
const addressOf = ({ name }: RasterFile): string => (isUrl(name) ? name : encodeURI(name));

async function fileOf(content: Blob, name: string): Promise<ItemFile> {
  return { href: `./${encodeURIComponent(name)}`, size: content.size, sha256: await sha256OfBlob(content) };
}

/** The text of the STAC item of a registered image. @throws TiepointError of reading the image */
export async function itemText(request: ItemRequest): Promise<string> {
  const { registration, metres, reference, sensed, sources, warped, names, solution } = request;
  const id = names.image.replace(/\.[^.]+$/, '');
  const facts = await registeredFacts(id, registration, reference, sensed, metres);
  await using file = await openRaster(warped);
  const item = registeredItem(
    {
      ...facts,
      datetime: sources.sensed.kind === 'url' ? (sources.sensed.item?.datetime ?? null) : null,
      image: await fileOf(warped, names.image),
      solution: await fileOf(new Blob([solution]), names.solution),
      report: `./${encodeURIComponent(names.report)}`,
      sensed: addressOf(sensed),
      reference: addressOf(reference),
    },
    file,
    null,
  );
  return `${JSON.stringify(item, null, 2)}\n`;
}
