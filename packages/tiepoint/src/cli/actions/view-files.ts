import { TiepointError } from '@tiepoint/geometry';
import { type Georeference, isTileName, isUrl, openRaster } from '@tiepoint/raster';
import { parseSolution } from '../../result/solution.js';
import { openBrowser } from '../../view/open-browser.js';
import { pageFolder } from '../../view/page-files.js';
import { startViewServer } from '../../view/view-server.js';
import type { ViewFlags } from '../commands/view.js';
import { findSource } from '../find-source.js';
import { isStacItem } from '../open-source.js';
import { readTextFile } from '../read-text-file.js';
import type { CliSession } from '../session.js';

/** An image as the page is told of it. */
interface ServedImage {
  readonly role: 'reference' | 'sensed';
  readonly name: string;
  readonly url: string;
  readonly georeference: Georeference | null;
}

/** What the page is to open. */
interface Served {
  readonly served: true;
  readonly images: readonly ServedImage[];
  readonly solution: { readonly name: string; readonly text: string } | null;
}

/** Whether a browser can ask for it by itself. */
const isWebAddress = (path: string): boolean => /^https?:/i.test(path);

/** Opens an image to see that it can be read, and where its sidecars say that it lies. */
async function describe(
  role: ServedImage['role'],
  { name, path }: { readonly name: string; readonly path: string },
  index: number,
): Promise<ServedImage> {
  if (!isWebAddress(path) && (isUrl(path) || isTileName(path))) {
    throw new TiepointError('invalid-option', `${path}: the viewer opens files and web addresses`, {
      hint: 'Copy the image to a file first: gdal_translate knows the same names as /vsis3/, /vsigs/ and /vsiaz/.',
      value: path,
    });
  }
  await using file = await openRaster(path);
  return { role, name, url: isWebAddress(path) ? path : `files/${index}`, georeference: file.georeference };
}

/** Where an image lies that an argument names: itself, or the asset of a STAC item. */
async function locate(name: string, session: CliSession): Promise<{ readonly name: string; readonly path: string }> {
  if (!isStacItem(name)) return { name, path: name };
  const { locateStacAsset } = await import('../open-stac-asset.js');
  const asset = await locateStacAsset(name, { signal: session.signal });
  return { name: asset.name, path: asset.href };
}

/** The images that the arguments name, those of a solution among them. */
async function imagesOf(files: readonly string[]): Promise<{ paths: readonly string[]; solution: Served['solution'] }> {
  const [first, second] = files;
  if (files.length > 2) {
    throw new TiepointError('usage', 'more than two files were named', {
      hint: 'Name a reference and a sensed image.',
    });
  }
  if (first === undefined || second !== undefined || !/\.json$/i.test(first)) return { paths: files, solution: null };
  const text = await readTextFile(first);
  const { reference, sensed } = parseSolution(text, first);
  if (reference === null || sensed === null) {
    throw new TiepointError('solution-invalid', `${first} does not name its images`, {
      hint: 'Name the reference and the sensed image instead, and drop the solution on the page.',
      value: first,
    });
  }
  const paths = [reference, sensed].map(({ source }) => findSource(source, first));
  return { paths, solution: { name: first, text } };
}

/** Serves the viewer until it is interrupted. @throws TiepointError `usage`, `viewer-missing`, `solution-invalid`, and of reading. */
export async function runView(files: readonly string[], flags: ViewFlags, session: CliSession): Promise<void> {
  const page = pageFolder();
  const { paths, solution } = await imagesOf(files);
  const roles = ['reference', 'sensed'] as const;
  const located = await Promise.all(paths.map((path) => locate(path, session)));
  const images = await Promise.all(located.map((image, i) => describe(roles[i]!, image, i)));
  const served: Served = { served: true, images, solution };
  await using server = await startViewServer({
    page,
    files: located.map(({ path }) => path),
    served,
    port: flags.port,
  }).catch((cause: unknown) => {
    throw new TiepointError('invalid-option', `port ${flags.port} cannot be used (${(cause as Error).message})`, {
      hint: 'Leave --port out to take any that is free.',
      value: flags.port,
      cause,
    });
  });
  await session.out(`${server.url}\n`);
  session.err('The address can be opened once. Ctrl-C ends the viewer.');
  if (flags.open) openBrowser(server.url);
  await new Promise<void>((resolve) => {
    if (session.signal.aborted) resolve();
    else session.signal.addEventListener('abort', () => resolve());
  });
}
