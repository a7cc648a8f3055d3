import { TiepointError } from '@tiepoint/geometry';
import type { ByteSource } from '../../source/byte-source.js';
import type { Beside, OpenContext } from '../beside.js';
import type { RasterContent } from '../raster-content.js';
import type { RasterFormat } from '../raster-format.js';
import type { ZipArchive } from './zip-archive.js';

/** Opens a source with what lies beside it; handed in, as formats do not know each other. */
type OpenInside = (source: ByteSource, context: OpenContext) => Promise<RasterContent>;

/** What chooses the file that an archive is opened by: a product's own, or the only image. */
type ChooseEntry = (files: readonly string[]) => string | null;

const imageEnding = /\.(tiff?|jp2|j2k|png|jpe?g|webp|vrt|hdr)$/i;

/** ZIP archives of products, as they are downloaded, and of single images. */
export function zipFormat(openInside: OpenInside, chooseEntry: ChooseEntry): RasterFormat {
  return {
    name: 'ZIP',
    about: {
      title: 'ZIP archives',
      names: '`scene.zip` of one of the products above, or of a single image; `many.zip#folder/image.tif`',
      reads:
        'files that are stored without compression are read by ranges; compressed ones are unpacked into memory, up to 1 GiB each',
      not: 'archives with a password',
    },
    sniff: (head) => head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5),
    open: async (source, context) => {
      const { openZip } = await import('./zip-archive.js');
      const archive = await openZip(source, context.signal);
      // A file of the archive may be named where else a band is.
      const named = context.band !== undefined && archive.files.includes(context.band) ? context.band : null;
      const images = archive.files.filter((file) => imageEnding.test(file) && !file.startsWith('__MACOSX'));
      const entry = named ?? chooseEntry(archive.files) ?? (images.length === 1 ? images[0]! : null);
      if (entry === null) {
        throw new TiepointError('unsupported-format', `${source.name}: a ZIP archive without a product that is known`, {
          hint:
            images.length === 0
              ? 'It holds no image.'
              : `It holds ${images.length} images: name one of them, as ${source.name}#${images[0]}`,
          value: images.slice(0, 10),
        });
      }
      const content = await openEntry(
        archive,
        entry,
        named === null ? context : { ...context, band: undefined },
        openInside,
      );
      const fragment = context.band === undefined ? '' : `#${context.band}`;
      const pixels = { ...content.pixels, name: `${source.name}${fragment}` };
      const close = async (): Promise<void> => {
        await content.close();
        await source.close();
      };
      return { ...content, pixels, location: source.location && `${source.location}${fragment}`, close };
    },
  };
}

async function openEntry(
  archive: ZipArchive,
  entry: string,
  context: OpenContext,
  openInside: OpenInside,
): Promise<RasterContent> {
  const folder = entry.replace(/[^/]*$/, '');
  const besideOf = (depth: number): Beside => ({
    bytes: (name) => archive.open(joined(folder, name), context.signal),
    raster: async (name) => {
      const inside = depth < deepest ? await archive.open(joined(folder, name), context.signal) : null;
      if (inside === null) {
        throw new TiepointError('file-not-found', `${archive.name}: it holds no ${name}`, {
          hint: 'The archive is incomplete: fetch it again.',
          value: name,
        });
      }
      return openInside(inside, { signal: context.signal, beside: besideOf(depth + 1) });
    },
    list: async () => archive.files,
  });
  const source = await archive.open(entry, context.signal);
  return openInside(source!, { ...context, beside: besideOf(0) });
}

/** Images that name images, …: beyond this they go round in a circle. */
const deepest = 8;

/** A path inside the archive; parts that lead upwards stay inside. */
function joined(folder: string, name: string): string {
  const parts: string[] = [];
  for (const part of `${folder}${name}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
