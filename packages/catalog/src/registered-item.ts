import type { RasterFile } from '@tiepoint/raster';
import type { StacItem, StacLink } from 'stac-ts';
import type { RegisteredImageFacts } from './registered-image.js';

/** A file beside an item. */
export interface ItemFile {
  /** Its address as seen from the item. */
  readonly href: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/** A registered image, and what lies beside its item. Addresses are as seen from the item. */
export interface RegisteredImage extends RegisteredImageFacts {
  readonly image: ItemFile;
  readonly solution: ItemFile;
  readonly report?: string | undefined;
  readonly thumbnail?: string | undefined;
  /** What it was made from: items where those are known, else images. */
  readonly sensed: string;
  readonly reference: string;
}

/** The collection that an item belongs to. */
export interface ItemCollection {
  readonly id: string;
  readonly href: string;
}

const extensions = [
  'https://stac-extensions.github.io/projection/v1.1.0/schema.json',
  'https://stac-extensions.github.io/raster/v1.1.0/schema.json',
  'https://stac-extensions.github.io/processing/v1.1.0/schema.json',
  'https://stac-extensions.github.io/file/v2.1.0/schema.json',
  'https://stac-extensions.github.io/accuracy/v1.0.0/schema.json',
];

/** The checksum is a multihash: 0x12 names SHA-256, 0x20 its length. */
function fileFields({ href, size, sha256 }: ItemFile): {
  readonly href: string;
  readonly 'file:size': number;
  readonly 'file:checksum': string;
} {
  return { href, 'file:size': size, 'file:checksum': `1220${sha256}` };
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

function accuracyFields(accuracy: RegisteredImageFacts['accuracy']): Readonly<Record<string, number>> {
  if (accuracy === null) return {};
  const { predictedSd, checkRmse } = accuracy;
  return {
    // No bias is given: least squares leaves no mean at the tie points, so that nothing independent of the fit is known of one.
    'accuracy:geometric_x_stddev': predictedSd,
    'accuracy:geometric_y_stddev': predictedSd,
    'accuracy:geometric_rmse': checkRmse,
  };
}

/** West, south, east, north. */
function boundsOf(ring: readonly (readonly [number, number])[]): [number, number, number, number] {
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function linksOf(image: RegisteredImage, collection: ItemCollection | null): StacLink[] {
  const { sensed, reference, solution, report } = image;
  const sourceType = (address: string): string =>
    /\.json($|\?)|\/items\//.test(address) ? 'application/geo+json' : 'image/tiff';
  const upwards = collection === null ? [] : ['root', 'parent', 'collection'];
  return [
    ...upwards.map((rel) => ({ rel, href: collection!.href, type: 'application/json' })),
    { rel: 'derived_from', href: sensed, type: sourceType(sensed) },
    { rel: 'derived_from', href: reference, type: sourceType(reference) },
    { rel: 'related', href: solution.href, type: 'application/json' },
    ...(report === undefined ? [] : [{ rel: 'alternate', href: report, type: 'text/html' }]),
  ];
}

function assetsOf({ image, solution, report, thumbnail }: RegisteredImage, file: RasterFile): object {
  return {
    image: {
      ...fileFields(image),
      type: 'image/tiff; application=geotiff; profile=cloud-optimized',
      title: 'Registered image',
      roles: ['data'],
      'raster:bands': bands(file),
    },
    solution: {
      ...fileFields(solution),
      type: 'application/json',
      title: 'Solution: transform, verdict, accuracy',
      roles: ['metadata'],
    },
    ...(report === undefined
      ? {}
      : { report: { href: report, type: 'text/html', title: 'Report', roles: ['metadata'] } }),
    ...(thumbnail === undefined
      ? {}
      : {
          thumbnail: {
            href: thumbnail,
            type: 'image/webp',
            title: 'Checkerboard with the reference',
            roles: ['thumbnail'],
          },
        }),
  };
}

/**
 * The STAC item of a registered image, with projection, raster, processing, file and accuracy extensions.
 *
 * @param file - the image, open
 * @param collection - null where the item stands alone
 */
export function registeredItem(image: RegisteredImage, file: RasterFile, collection: ItemCollection | null): StacItem {
  const { footprint, accuracy } = image;
  const now = new Date().toISOString();
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    stac_extensions: extensions,
    id: image.id,
    ...(collection === null ? {} : { collection: collection.id }),
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
    links: linksOf(image, collection),
    assets: assetsOf(image, file),
  } as StacItem;
}
