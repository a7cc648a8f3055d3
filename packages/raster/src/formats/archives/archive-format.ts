import { TiepointError } from '@tiepoint/geometry';
import type { ByteSource } from '../../source/byte-source.js';
import type { Beside, OpenContext } from '../beside.js';
import type { RasterContent } from '../raster-content.js';
import type { RasterFormat } from '../raster-format.js';
import type { Archive } from './archive.js';
import { isTar, openTar } from './tar-archive.js';

/** Opens a source with what lies beside it; handed in, as formats do not know each other. */
type OpenInside = (source: ByteSource, context: OpenContext) => Promise<RasterContent>;

/** What chooses the file that an archive is opened by: a product's own, or the only image. */
type ChooseEntry = (files: readonly string[]) => string | null;

const imageEnding = /\.(tiff?|jp2|j2k|png|jpe?g|webp|vrt|hdr)$/i;

/** A kind of archive. */
interface ArchiveKind extends Pick<RasterFormat, 'name' | 'about' | 'sniff'> {
  /** Reads its list of files. @throws {TiepointError} `file-corrupt`. */
  readonly read: (source: ByteSource, signal: AbortSignal | undefined) => Promise<Archive>;
}

const names = (ending: string): string =>
  `\`scene.${ending}\` of one of the products above, or of a single image; \`many.${ending}#folder/image.tif\``;

const kinds: readonly ArchiveKind[] = [
  {
    name: 'ZIP',
    about: {
      title: 'ZIP archives',
      names: names('zip'),
      reads:
        'files that are stored without compression are read by ranges; compressed ones are unpacked into memory, up to 1 GiB each',
      not: 'archives with a password',
    },
    sniff: (head) => head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5),
    read: async (source, signal) => (await import('./zip-archive.js')).openZip(source, signal),
  },
  {
    name: 'TAR',
    about: {
      title: 'tar archives',
      names: names('tar'),
      reads: 'archives of POSIX and GNU, as bundles of Landsat Collection 2 come; files are read by ranges',
      not: 'compressed archives (`.tar.gz`, `.tgz`): unpack them',
    },
    sniff: isTar,
    read: async (source, signal) => openTar(source, signal),
  },
];

/** Archives of products, as they are downloaded, and of single images. */
export function archiveFormats(openInside: OpenInside, chooseEntry: ChooseEntry): readonly RasterFormat[] {
  return kinds.map(({ name, about, sniff, read }) => ({
    name,
    about,
    sniff,
    open: async (source, context) => {
      const archive = await read(source, context.signal);
      const [entry, inner] = chosenEntry(archive, context, chooseEntry, about.title);
      const content = await openEntry(archive, entry, inner, openInside);
      const fragment = context.band === undefined ? '' : `#${context.band}`;
      const pixels = { ...content.pixels, name: `${source.name}${fragment}` };
      const close = async (): Promise<void> => {
        await content.close();
        await source.close();
      };
      return { ...content, pixels, location: source.location && `${source.location}${fragment}`, close };
    },
  }));
}

/** The file that an archive is opened by, and with what. @throws {TiepointError} `unsupported-format`. */
function chosenEntry(
  { name, files }: Archive,
  context: OpenContext,
  chooseEntry: ChooseEntry,
  title: string,
): readonly [string, OpenContext] {
  // A file of the archive may be named where else a band is.
  if (context.band !== undefined && files.includes(context.band))
    return [context.band, { ...context, band: undefined }];
  const images = files.filter((file) => imageEnding.test(file) && !file.startsWith('__MACOSX'));
  const entry = chooseEntry(files) ?? (images.length === 1 ? images[0]! : null);
  if (entry !== null) return [entry, context];
  throw new TiepointError('unsupported-format', `${name}: of the ${title} one without a product that is known`, {
    hint:
      images.length === 0
        ? 'It holds no image.'
        : `It holds ${images.length} images: name one of them, as ${name}#${images[0]}`,
    value: images.slice(0, 10),
  });
}

async function openEntry(
  archive: Archive,
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
