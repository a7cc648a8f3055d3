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
      /** Whether it comes with the page, from `tiepoint view` or as an example: its address means nothing to others. */
      readonly served?: boolean | undefined;
      /** The STAC item it was named by; its address is null where others could not find it by that. */
      readonly item?: { readonly address: string | null; readonly datetime: string | null } | undefined;
    };

/**
 * Opens a source; the raster is called what the command line would call it: its item, its file, or its address without secrets.
 *
 * @throws TiepointError as `openRaster`
 */
export async function openSource(source: ImageSource, signal?: AbortSignal): Promise<RasterFile> {
  const file = await openRaster(source.kind === 'file' ? source.file : source.url, { signal });
  const beside = source.kind === 'url' ? (source.georeference ?? null) : null;
  return { ...file, name: nameOf(source, file), georeference: file.georeference ?? beside };
}

function nameOf(source: ImageSource, file: RasterFile): string {
  if (source.kind === 'file' || source.served === true) return source.name;
  return source.item?.address ?? file.name;
}
