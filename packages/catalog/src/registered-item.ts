import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import type { RasterFile } from '@tiepoint/raster';
import type { StacItem, StacLink } from 'stac-ts';

/** A registered image, and what is known of it. */
export interface RegisteredImage {
  readonly id: string;
  /** RFC 3339; when it was registered where that of the image is not known. */
  readonly datetime: string | null;
  /** Ring of [longitude, latitude]; null where nothing says where it lies. */
  readonly footprint: readonly (readonly [number, number])[] | null;
  /** Absolute paths. */
  readonly image: string;
  readonly solution: string;
  readonly report?: string | undefined;
  readonly thumbnail?: string | undefined;
  /** Addresses of what it was made from: items where those are known, else images. */
  readonly sensed: string;
  readonly reference: string;
  /** Name and version of the tool. */
  readonly software: readonly [string, string];
  /** How it was made, in words. */
  readonly lineage: string;
  /** Metres; null where the ground resolution is not known. */
  readonly accuracy: {
    /** Of the transform as predicted, an axis. */
    readonly predictedSd: number;
    /** Root mean square error of tie points that took no part in the fit, both axes together. */
    readonly checkRmse: number;
  } | null;
}

const extensions = [
  'https://stac-extensions.github.io/projection/v1.1.0/schema.json',
  'https://stac-extensions.github.io/raster/v1.1.0/schema.json',
  'https://stac-extensions.github.io/processing/v1.1.0/schema.json',
  'https://stac-extensions.github.io/file/v2.1.0/schema.json',
  'https://stac-extensions.github.io/accuracy/v1.0.0/schema.json',
];

/** SHA-256 as a multihash: 0x12 names the function, 0x20 its length. */
async function checksum(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return `1220${hash.digest('hex')}`;
}

async function fileFields(path: string): Promise<{ readonly 'file:size': number; readonly 'file:checksum': string }> {
  return { 'file:size': (await stat(path)).size, 'file:checksum': await checksum(path) };
}

function projection({ georeference, width, height }: RasterFile): Readonly<Record<string, unknown>> {
  if (georeference === null) return { 'proj:epsg': null, 'proj:shape': [height, width] };
  const { crs, geotransform: g } = georeference;
  const epsg = /^EPSG:(\d+)$/.exec(crs?.code ?? '')?.[1];
  const wkt = crs?.definition?.includes('[') ? { 'proj:wkt2': crs.definition } : {};
  return {
    'proj:epsg': epsg === undefined ? null : Number(epsg),
    ...wkt,
    'proj:shape': [height, width],
    'proj:transform': [g[1], g[2], g[0], g[4], g[5], g[3]],
  };
}

function bands(file: RasterFile): readonly Readonly<Record<string, unknown>>[] {
  return file.bands.map(({ dataType, nodata, scale, offset }) => ({
    data_type: dataType,
    ...(nodata === null ? {} : { nodata: Number.isNaN(nodata) ? 'nan' : nodata }),
    ...(scale === 1 ? {} : { scale }),
    ...(offset === 0 ? {} : { offset }),
  }));
}

function accuracyFields(accuracy: RegisteredImage['accuracy']): Readonly<Record<string, number>> {
  if (accuracy === null) return {};
  const { predictedSd, checkRmse } = accuracy;
  return {
    // No bias is given: least squares leaves no mean at the tie points, so that nothing independent of the fit is known of one.
    'accuracy:geometric_x_stddev': predictedSd,
    'accuracy:geometric_y_stddev': predictedSd,
    'accuracy:geometric_rmse': checkRmse,
  };
}

const href = (folder: string, path: string): string => {
  const link = relative(folder, path).replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return link.startsWith('.') ? link : `./${link}`;
};

/** West, south, east, north. */
function boundsOf(ring: readonly (readonly [number, number])[]): [number, number, number, number] {
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/**
 * The STAC item of a registered image, with projection, raster, processing, file and accuracy extensions.
 *
 * @param file - the image, open
 * @param folder - where the item will lie: addresses are relative to it
 */
export async function registeredItem(
  image: RegisteredImage,
  file: RasterFile,
  folder: string,
  collection: string,
): Promise<StacItem> {
  const { footprint, accuracy, report, thumbnail } = image;
  const now = new Date().toISOString();
  const link = (rel: string, address: string, type: string): StacLink => ({
    rel,
    href: /^https?:/i.test(address) ? address : href(folder, address),
    type,
  });
  const sourceType = (address: string): string =>
    /\.json($|\?)|\/items\//.test(address) ? 'application/geo+json' : 'image/tiff';
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    stac_extensions: extensions,
    id: image.id,
    collection,
    ...(footprint === null
      ? { geometry: null }
      : { bbox: boundsOf(footprint), geometry: { type: 'Polygon', coordinates: [footprint.map(([x, y]) => [x, y])] } }),
    properties: {
      datetime: image.datetime ?? now,
      created: now,
      ...projection(file),
      'processing:lineage': image.lineage,
      'processing:software': { [image.software[0]]: image.software[1] },
      ...accuracyFields(accuracy),
    },
    links: [
      { rel: 'root', href: '../collection.json', type: 'application/json' },
      { rel: 'parent', href: '../collection.json', type: 'application/json' },
      { rel: 'collection', href: '../collection.json', type: 'application/json' },
      link('derived_from', image.sensed, sourceType(image.sensed)),
      link('derived_from', image.reference, sourceType(image.reference)),
      link('related', image.solution, 'application/json'),
      ...(report === undefined ? [] : [link('alternate', report, 'text/html')]),
    ],
    assets: {
      image: {
        href: href(folder, image.image),
        type: 'image/tiff; application=geotiff; profile=cloud-optimized',
        title: 'Registered image',
        roles: ['data'],
        'raster:bands': bands(file),
        ...(await fileFields(image.image)),
      },
      solution: {
        href: href(folder, image.solution),
        type: 'application/json',
        title: 'Solution: transform, verdict, accuracy',
        roles: ['metadata'],
        ...(await fileFields(image.solution)),
      },
      ...(report === undefined
        ? {}
        : { report: { href: href(folder, report), type: 'text/html', title: 'Report', roles: ['metadata'] } }),
      ...(thumbnail === undefined
        ? {}
        : {
            thumbnail: {
              href: href(folder, thumbnail),
              type: 'image/webp',
              title: 'Checkerboard with the reference',
              roles: ['thumbnail'],
            },
          }),
    },
  } as StacItem;
}
