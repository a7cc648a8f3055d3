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
    };

/** Opens a source; the raster has the source's name. @throws TiepointError as `openRaster`. */
export async function openSource(source: ImageSource, signal?: AbortSignal): Promise<RasterFile> {
  const file = await openRaster(source.kind === 'file' ? source.file : source.url, { signal });
  const beside = source.kind === 'url' ? (source.georeference ?? null) : null;
  return { ...file, name: source.name, georeference: file.georeference ?? beside };
}
