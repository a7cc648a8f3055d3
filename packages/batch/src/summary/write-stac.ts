import { existsSync, mkdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { hrefFrom, itemFile, type RegisteredImageFacts, registeredItem, staticCollection } from '@tiepoint/catalog';
import { openRaster } from '@tiepoint/raster';
import { lineageOf } from 'tiepoint';
import { tool, writeTextFile } from 'tiepoint/cli';
import type { JobEnd } from '../run/run-batch.js';

type Item = ReturnType<typeof registeredItem>;

/** A registered image with its files: paths, or addresses of what it was made from. */
interface RegisteredFiles extends RegisteredImageFacts {
  readonly image: string;
  readonly solution: string;
  readonly report: string | undefined;
  readonly thumbnail: string | undefined;
  readonly sensed: string;
  readonly reference: string;
}

/** A path only where there is a file. */
const present = (path: string | undefined): string | undefined =>
  path !== undefined && existsSync(path) ? path : undefined;

/** What an item says of a registration; null where there is no image. */
function imageOf({ job, record }: JobEnd): RegisteredFiles | null {
  const outcome = record?.outcome ?? null;
  const { output, solution, report } = job.outputs;
  if (outcome === null || output === undefined || !/\.tiff?$/i.test(output) || !existsSync(output)) return null;
  const { ce90, ce90Metres, checkRmse, predictedSd } = outcome;
  const metres = ce90 === null || ce90Metres === null || ce90 === 0 ? null : ce90Metres / ce90;
  const [name, version] = tool.split(' ');
  return {
    id: job.name,
    datetime: job.source?.datetime ?? null,
    footprint: outcome.footprint,
    image: output,
    solution,
    report: present(report),
    thumbnail: present(job.thumbnails === undefined ? undefined : `${job.thumbnails}-after.webp`),
    sensed: job.source?.sensedItem ?? job.sensed,
    reference: job.source?.referenceItem ?? job.reference,
    software: [name!, version!],
    lineage: lineageOf(outcome, basename(job.reference)),
    accuracy:
      metres === null || checkRmse === null || predictedSd === null
        ? null
        : { predictedSd: predictedSd * metres, checkRmse: checkRmse * metres },
  };
}

async function itemOf(image: RegisteredFiles, folder: string, collection: string): Promise<Item> {
  const path = join(folder, 'items', `${image.id}.json`);
  const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // Reading an image for its checksum takes a while: what has not changed since is left.
  const parts = [image.image, image.solution, image.report].filter((part) => part !== undefined);
  if (made > Math.max(...parts.map((part) => statSync(part).mtimeMs))) {
    return JSON.parse(await readFile(path, 'utf8')) as Item;
  }
  await using file = await openRaster(image.image);
  const items = join(folder, 'items');
  const from = (address: string | undefined): string | undefined => address && hrefFrom(items, address);
  const item = registeredItem(
    {
      ...image,
      image: await itemFile(image.image, items),
      solution: await itemFile(image.solution, items),
      report: from(image.report),
      thumbnail: from(image.thumbnail),
      sensed: hrefFrom(items, image.sensed),
      reference: hrefFrom(items, image.reference),
    },
    file,
    { id: collection, href: '../collection.json' },
  );
  writeTextFile(path, `${JSON.stringify(item, null, 2)}\n`, true);
  return item;
}

/**
 * Writes every registered image as an item of a static collection: `collection.json` and a file an item under `items`.
 *
 * @throws TiepointError of reading the images and of writing
 */
export async function writeStac(path: string, ends: readonly JobEnd[]): Promise<void> {
  const folder = resolve(path);
  mkdirSync(join(folder, 'items'), { recursive: true });
  const collection = basename(folder);
  const items: Item[] = [];
  for (const end of ends) {
    const image = imageOf(end);
    if (image !== null) items.push(await itemOf(image, folder, collection));
  }
  const document = staticCollection(collection, `Images registered by ${tool}`, items);
  writeTextFile(join(folder, 'collection.json'), `${JSON.stringify(document, null, 2)}\n`, true);
}
