import { type Georeference, openRaster, type RasterFile } from '@tiepoint/raster';

/** Where an image comes from; a worker opens it anew. */
export type ImageSource =
  | { readonly kind: 'file'; readonly name: string; readonly file: File }
  | {
      readonly kind: 'url';
      readonly name: string;
      readonly url: string;
      /** Where it lies, of a local file whose sidecar says so: over HTTP nobody looks beside it. */
      readonly georeference?: Georeference | null | undefined;
      /** Whether `tiepoint view` serves it: its address means nothing to others. */
      readonly served?: boolean | undefined;
      /** The STAC item it was named by. */
      readonly item?: { readonly address: string; readonly datetime: string | null } | undefined;
    };

/** The address that a document may name a source by: its item's, its own, or where only this machine has it its name. */
export function addressOf(source: ImageSource): string {
  if (source.kind === 'url' && source.item !== undefined) return source.item.address;
  return source.kind === 'url' && source.served !== true ? source.url : encodeURI(source.name);
}

/** Opens a source; the raster has the source's name. @throws TiepointError as `openRaster`. */
export async function openSource(source: ImageSource, signal?: AbortSignal): Promise<RasterFile> {
  const file = await openRaster(source.kind === 'file' ? source.file : source.url, { signal });
  const beside = source.kind === 'url' ? (source.georeference ?? null) : null;
  return { ...file, name: source.name, georeference: file.georeference ?? beside };
}
